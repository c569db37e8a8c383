using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Puppylog.Sources.Syslog;

/// <summary>
/// Messages that others send. A listener of its own receives; what it received waits in a bounded channel, and when that is
/// full a connection's sender waits, and datagrams wait in the socket.
/// </summary>
sealed class SyslogSource(string name, SyslogAddress address, SourceContext context) : LogSource(name)
{
    /// <summary>Pieces that wait to be parsed: 8 MiB at the usual size.</summary>
    const int MostPieces = 128;

    /// <summary>Bytes of a message that are kept, whatever lines of files may have: each connection may hold one.</summary>
    const int MostMessage = 256 << 10;

    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    readonly Channel<SyslogPiece> _pieces = Channel.CreateBounded<SyslogPiece>(new BoundedChannelOptions(MostPieces) { FullMode = BoundedChannelFullMode.Wait });
    readonly SourceContent _content = new(null, name, 0, new ContentHead(0));
    ISyslogListener? _listener;
    long? _triedAt;
    SyslogPiece? _piece;
    int _run;
    long _taken;
    bool _isStopping;

    public override bool IsReplayable => false;

    public override string? Format => "syslog";

    public override bool HasWholeRecords => true;

    /// <summary>The port that is listened on; 0 before.</summary>
    public int Port => _listener?.Port ?? 0;

    protected override void LookNow()
    {
        if (IsEnded || _isStopping)
        {
            return;
        }

        if (_listener is not null)
        {
            _listener.Look();
            return;
        }

        if (_triedAt is { } last && context.Clock.GetElapsedTime(last) < RetryInterval)
        {
            return;
        }

        _triedAt = context.Clock.GetTimestamp();
        try
        {
            _listener = Listen(Math.Min(context.MaxLine, MostMessage));
            if (Hindrance is not null)
            {
                context.Notice($"{Name}: listens now");
                Hinder(null, context.Notice);
            }
        }
        catch (Exception wrong) when (wrong is SocketException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            Trouble($"cannot listen on {Name}: {ReasonOf(wrong)}");
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        while (!IsEnded)
        {
            if (_piece is not null && _run < _piece.Runs.Count)
            {
                run = Place(_piece, _piece.Runs[_run++]);
                return true;
            }

            _piece?.Dispose();
            _piece = null;
            _run = 0;
            if (_pieces.Reader.TryRead(out _piece))
            {
                continue;
            }

            IsEnded |= _isStopping && _pieces.Reader.Completion.IsCompleted;
            return false;
        }

        return false;
    }

    /// <summary>No more is received, but what the system has received already.</summary>
    public override void Stop()
    {
        _isStopping = true;
        if (_listener is null)
        {
            _pieces.Writer.TryComplete();
        }
        else
        {
            _listener.Stop();
        }
    }

    public override void Dispose()
    {
        _listener?.Dispose();
        _pieces.Writer.TryComplete();
        _piece?.Dispose();
        _piece = null;
    }

    ISyslogListener Listen(int most) => address.Transport == SyslogTransport.Udp
        ? new SyslogDatagrams(Name, address, _pieces.Writer, context)
        : new SyslogConnections(Name, address, most, _pieces.Writer, context);

    LineRun Place(SyslogPiece piece, SyslogRun messages)
    {
        var bytes = piece.Bytes(messages);
        var lines = new FramedLines { Bytes = bytes, Covered = bytes.Length + messages.Left, Left = messages.Left, IsOneRecord = messages.IsOneRecord };
        var run = new LineRun(lines, _content, _taken, messages.Peer);
        _taken += lines.Covered;
        return run;
    }

    void Trouble(string message)
    {
        if (!context.Watch)
        {
            Fail(message);
        }
        else
        {
            Hinder(message, hindrance => context.Notice(string.Create(CultureInfo.InvariantCulture, $"{hindrance}; it is tried again every {RetryInterval.TotalSeconds} s")));
        }
    }

    static string ReasonOf(Exception wrong) => wrong switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "the port is taken by another program",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "ports below 1024 need the right to (CAP_NET_BIND_SERVICE)",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "this machine does not have the address",
        UnauthorizedAccessException => $"permission denied: {wrong.Message}",
        FileNotFoundException { FileName: { } file } => $"there is no file {file}",
        DirectoryNotFoundException => "the directory of the certificate or of its key is not there",
        _ => wrong.Message,
    };
}
