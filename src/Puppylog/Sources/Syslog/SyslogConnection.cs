using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;

namespace Puppylog.Sources.Syslog;

/// <summary>One sender over TCP or TLS.</summary>
sealed class SyslogConnection : IDisposable
{
    const int LargestRead = 64 << 10;
    const byte HandshakeRecord = 0x16;

    static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    readonly Socket _socket;
    readonly int _mostMessage;
    readonly SyslogTls? _tls;
    readonly ChannelWriter<SyslogPiece> _pieces;
    readonly SourceContext _context;
    long _lastRead;

    public SyslogConnection(Socket socket, int mostMessage, SyslogTls? tls, ChannelWriter<SyslogPiece> pieces, SourceContext context)
    {
        _socket = socket;
        _mostMessage = mostMessage;
        _tls = tls;
        _pieces = pieces;
        _context = context;
        _lastRead = context.Clock.GetTimestamp();
        Peer = new(((IPEndPoint)socket.RemoteEndPoint!).Address);
        // A sender whose machine is gone says nothing, for ever.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    public SourcePeer Peer { get; }

    /// <summary>When the last bytes came: a timestamp of the clock.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>Reads until the sender ends. Null where all went well, else what went wrong: its kind, and as a predicate to the peer.</summary>
    public async Task<(string Kind, string Sentence)?> ReadAllAsync()
    {
        try
        {
            await using var inner = new NetworkStream(_socket, ownsSocket: false);
            if (_tls is null)
            {
                await ReadAllAsync(inner);
                return null;
            }

            using var limit = new CancellationTokenSource(HandshakeTime, _context.Clock);
            if (await IsPlainAsync(limit.Token))
            {
                return ("plain", "sent plain text to a port for TLS");
            }

            await using var stream = await _tls.AuthenticateAsync(inner, limit.Token);
            await ReadAllAsync(stream);
            return null;
        }
        catch (AuthenticationException wrong)
        {
            var reason = (wrong.InnerException ?? wrong).Message;
            return ("tls", $"did not agree on TLS: {reason}");
        }
        catch (OperationCanceledException)
        {
            return ("silent", "did not begin with TLS");
        }
        catch (Exception wrong) when (wrong is IOException or SocketException or ObjectDisposedException or ChannelClosedException)
        {
            // The sender has gone, or is let go of; what came from it has been handed on.
            return null;
        }
    }

    /// <summary>True where nothing has come for so long, and nothing is waiting to be read.</summary>
    public bool IsSilent(TimeSpan time)
    {
        try
        {
            return _socket.Available == 0 && _context.Clock.GetElapsedTime(LastRead) >= time;
        }
        catch (Exception wrong) when (wrong is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>What has come already is still read; then the connection ends.</summary>
    public void EndReading() => Shutdown(SocketShutdown.Receive);

    /// <summary>The same, and the sender is told at once.</summary>
    public void End() => Shutdown(SocketShutdown.Both);

    public void Dispose() => _socket.Dispose();

    void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception wrong) when (wrong is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    async Task<bool> IsPlainAsync(CancellationToken cancellationToken)
    {
        var first = new byte[1];
        return await _socket.ReceiveAsync(first, SocketFlags.Peek, cancellationToken) > 0 && first[0] != HandshakeRecord;
    }

    async Task ReadAllAsync(Stream stream)
    {
        using var framer = new SyslogFramer(_mostMessage);
        var wanted = SyslogFramer.FirstSize;
        try
        {
            while (true)
            {
                var space = framer.Space(wanted);
                var count = await stream.ReadAsync(space);
                if (count == 0)
                {
                    return;
                }

                Volatile.Write(ref _lastRead, _context.Clock.GetTimestamp());
                wanted = count >= wanted ? Math.Min(LargestRead, wanted * 2) : SyslogFramer.FirstSize;
                framer.Advance(count);
                await HandOnAsync(framer, isEnd: false);
                framer.Trim();
            }
        }
        finally
        {
            await HandOnAsync(framer, isEnd: true);
        }
    }

    async ValueTask HandOnAsync(SyslogFramer framer, bool isEnd)
    {
        var piece = new SyslogPiece();
        while (framer.TryTake(out var message, out var left) || (isEnd && framer.TryTakeRest(out message, out left)))
        {
            piece.Add(Peer, message, left);
        }

        if (piece.Length == 0)
        {
            piece.Dispose();
            return;
        }

        await _pieces.WriteAsync(piece);
        _context.Wake();
    }
}
