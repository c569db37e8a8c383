using System.Net;

namespace Puppylog.Sources.Syslog;

/// <summary>The senders that were seen of late, so that each is one object. Not thread-safe.</summary>
sealed class SyslogPeers
{
    /// <summary>Addresses of datagrams can be invented: past so many, all are forgotten.</summary>
    const int Most = 4096;

    readonly Dictionary<SocketAddress, SourcePeer> _peers = [];

    /// <param name="address">As a socket gives it; reused by the caller. Its port is cleared.</param>
    public SourcePeer Find(SocketAddress address)
    {
        // sockaddr_in and sockaddr_in6: the port stands behind the family.
        address.Buffer.Span[2..4].Clear();
        if (_peers.TryGetValue(address, out var peer))
        {
            return peer;
        }

        if (_peers.Count >= Most)
        {
            _peers.Clear();
        }

        var key = new SocketAddress(address.Family, address.Size);
        address.Buffer[..address.Size].CopyTo(key.Buffer);
        var place = (IPEndPoint)new IPEndPoint(address.Family == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0).Create(key);
        peer = new(place.Address);
        _peers.Add(key, peer);
        return peer;
    }
}
