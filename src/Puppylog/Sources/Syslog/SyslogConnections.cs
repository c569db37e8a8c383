using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Puppylog.Sources.Syslog;

/// <summary>Syslog over TCP and TLS. Connections are bounded in number and silence; each holds a message at the most.</summary>
sealed class SyslogConnections : ISyslogListener
{
    const int Backlog = 512;

    /// <summary>Where there are too many connections, one that was silent for so long makes room for a new one.</summary>
    static readonly TimeSpan Replaceable = TimeSpan.FromMinutes(1);

    /// <summary>What the system has received is read when stopping, for so long at the most.</summary>
    static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Of that, the time in which what senders had written is still taken from them.</summary>
    static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1.2);

    /// <summary>A sender that was silent for so long had written no more.</summary>
    static readonly TimeSpan LastSilence = TimeSpan.FromMilliseconds(100);

    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    readonly string _name;
    readonly SyslogAddress _address;
    readonly int _mostMessage;
    readonly ChannelWriter<SyslogPiece> _pieces;
    readonly SourceContext _context;
    readonly SyslogTls? _tls;
    readonly Socket _socket;
    readonly Occasions _occasions;
    readonly ConcurrentDictionary<SyslogConnection, Task> _connections = [];
    readonly Task _accepting;
    long _sweptAt;
    volatile bool _stopping;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    /// <exception cref="IOException">A file of the certificate's cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate or its key is not one.</exception>
    public SyslogConnections(string name, SyslogAddress address, int mostMessage, ChannelWriter<SyslogPiece> pieces, SourceContext context)
    {
        _name = name;
        _address = address;
        _mostMessage = mostMessage;
        _pieces = pieces;
        _context = context;
        _occasions = new(context.Notice);
        _tls = address.Transport == SyslogTransport.Tls ? new(address) : null;
        _socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.EndPoint.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Bind(address.EndPoint);
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAllAsync);
    }

    public int Port { get; }

    /// <summary>How often each kind of trouble with senders was met.</summary>
    public IReadOnlyDictionary<string, long> Troubles => _occasions.Counts;

    public void Look()
    {
        if (_context.Clock.GetElapsedTime(_sweptAt) < SweepInterval)
        {
            return;
        }

        _sweptAt = _context.Clock.GetTimestamp();
        var longest = _address.IdleTime ?? SyslogAddress.DefaultIdleTime;
        foreach (var connection in _connections.Keys)
        {
            if (_context.Clock.GetElapsedTime(connection.LastRead) >= longest)
            {
                connection.End();
            }
        }
    }

    public void Stop()
    {
        _stopping = true;
        _ = StopAsync();
    }

    public void Dispose()
    {
        _stopping = true;
        _pieces.TryComplete();
        _socket.Dispose();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    async Task StopAsync()
    {
        _socket.Dispose();
        await _accepting;
        // What senders have written lies on their side, too, while buffers on this one are full: it comes as they are emptied.
        var began = _context.Clock.GetTimestamp();
        var all = Task.WhenAll(_connections.Values);
        while (!all.IsCompleted && _context.Clock.GetElapsedTime(began) is var spent && spent < EndingTime)
        {
            foreach (var connection in _connections.Keys)
            {
                if (connection.IsSilent(LastSilence) || spent >= ReadingTime)
                {
                    connection.EndReading();
                }
            }

            await Task.WhenAny(all, Task.Delay(LastSilence / 5, _context.Clock));
        }

        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await all;
        _pieces.TryComplete();
        _context.Wake();
    }

    async Task AcceptAllAsync()
    {
        while (!_stopping)
        {
            try
            {
                var socket = await _socket.AcceptAsync();
                if (!TryMakeRoom())
                {
                    _occasions.Note("refused", string.Create(CultureInfo.InvariantCulture, $"{_name}: a connection was refused, as {_address.MostConnections} are open"));
                    socket.Dispose();
                    continue;
                }

                Begin(new SyslogConnection(socket, _mostMessage, _tls, _pieces, _context));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException wrong)
            {
                if (_stopping)
                {
                    return;
                }

                // No descriptors left, or a sender that was gone before it was taken.
                _occasions.Note("accept", $"{_name}: a connection could not be taken: {wrong.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), _context.Clock);
            }
        }
    }

    void Begin(SyslogConnection connection)
    {
        // Noted before it runs: it may end at once.
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = RunAsync(connection, gate.Task);
        gate.SetResult();
    }

    async Task RunAsync(SyslogConnection connection, Task gate)
    {
        await gate;
        try
        {
            if (await connection.ReadAllAsync() is var (kind, sentence))
            {
                _occasions.Note(kind, $"{_name}: {connection.Peer} {sentence}");
            }
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    bool TryMakeRoom()
    {
        if (_connections.Count < _address.MostConnections)
        {
            return true;
        }

        var oldest = _connections.Keys.MinBy(connection => connection.LastRead);
        // One that is let go of may still be handing on what it sent.
        if (oldest is null || _connections.Count > _address.MostConnections || _context.Clock.GetElapsedTime(oldest.LastRead) < Replaceable)
        {
            return false;
        }

        oldest.End();
        return true;
    }
}
