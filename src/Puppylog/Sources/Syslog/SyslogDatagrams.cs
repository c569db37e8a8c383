using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Puppylog.Sources.Syslog;

/// <summary>Syslog over UDP (RFC 5426): a datagram is a message. A thread of its own takes them from the socket at once.</summary>
sealed class SyslogDatagrams : ISyslogListener
{
    /// <summary>What is asked for; the system gives up to net.core.rmem_max.</summary>
    const int ReceiveBuffer = 16 << 20;

    const int LongestDatagram = 64 << 10;

    /// <summary>How often the thread looks whether it is to stop: in milliseconds.</summary>
    const int ReceiveTimeout = 100;

    /// <summary>Datagrams that are taken at the most when stopping: senders may go on for ever.</summary>
    const int MostLate = 50_000;

    static readonly TimeSpan DropInterval = TimeSpan.FromSeconds(10);

    readonly string _name;
    readonly ChannelWriter<SyslogPiece> _pieces;
    readonly SourceContext _context;
    readonly Socket _socket;
    readonly SyslogPeers _peers = new();
    readonly SocketDrops _drops;
    readonly Thread _thread;
    volatile bool _stopping;
    long _lookedAt;

    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public SyslogDatagrams(string name, SyslogAddress address, ChannelWriter<SyslogPiece> pieces, SourceContext context)
    {
        _name = name;
        _pieces = pieces;
        _context = context;
        _socket = new Socket(address.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.EndPoint.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.ReceiveBufferSize = ReceiveBuffer;
            _socket.ReceiveTimeout = ReceiveTimeout;
            _socket.Bind(address.EndPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _drops = new(_socket);
        _lookedAt = context.Clock.GetTimestamp();
        _thread = new Thread(Receive) { IsBackground = true, Name = "syslog" };
        _thread.Start();
    }

    public int Port { get; }

    public void Look()
    {
        if (_context.Clock.GetElapsedTime(_lookedAt) >= DropInterval)
        {
            _lookedAt = _context.Clock.GetTimestamp();
            TellDrops();
        }
    }

    public void Stop() => _stopping = true;

    public void Dispose()
    {
        _stopping = true;
        // Nobody reads any more: the thread must not wait for room.
        _pieces.TryComplete();
        _thread.Join();
        _socket.Dispose();
    }

    void Receive()
    {
        var buffer = new byte[LongestDatagram];
        var sender = new SocketAddress(_socket.AddressFamily);
        SyslogPiece? piece = null;
        var late = 0;
        while (true)
        {
            // Asked first: what came before the stop is then among what is available.
            var isStopping = _stopping;
            var hasMore = _socket.Available > 0;
            if (!hasMore && piece is not null)
            {
                if (!TryHandOn(piece))
                {
                    return;
                }

                piece = null;
            }

            if (isStopping && (!hasMore || ++late > MostLate))
            {
                if (piece is not null)
                {
                    TryHandOn(piece);
                }

                TellDrops();
                _pieces.TryComplete();
                return;
            }

            if (TryReceive(buffer, sender, out var count))
            {
                piece ??= new();
                piece.Add(_peers.Find(sender), Message(buffer.AsSpan(0, count)), left: 0);
                if (piece.IsFull)
                {
                    if (!TryHandOn(piece))
                    {
                        return;
                    }

                    piece = null;
                }
            }
        }
    }

    bool TryReceive(byte[] buffer, SocketAddress sender, out int count)
    {
        try
        {
            count = _socket.ReceiveFrom(buffer, SocketFlags.None, sender);
            return Message(buffer.AsSpan(0, count)).Length > 0;
        }
        catch (SocketException)
        {
            // The time is over, or the answer of one who does not listen.
            count = 0;
            return false;
        }
    }

    bool TryHandOn(SyslogPiece piece)
    {
        try
        {
            // This thread has nothing else to do: it waits for room.
            _pieces.WriteAsync(piece).AsTask().GetAwaiter().GetResult();
            _context.Wake();
            return true;
        }
        catch (ChannelClosedException)
        {
            piece.Dispose();
            return false;
        }
    }

    void TellDrops()
    {
        if (_drops.TakeNew() is var dropped and > 0)
        {
            _context.Notice(string.Create(CultureInfo.InvariantCulture, $"{_name}: {dropped} datagrams came faster than they were taken and were dropped by the system; net.core.rmem_max bounds how many may wait"));
        }
    }

    static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> datagram) => datagram.TrimEnd("\n\0"u8);
}
