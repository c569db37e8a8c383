using System.Globalization;
using System.Net.Sockets;

namespace Puppylog.Sources.Syslog;

/// <summary>Datagrams that the system dropped because a socket was full, as /proc/net/udp says.</summary>
sealed class SocketDrops
{
    readonly string _table;
    readonly string? _inode;
    long _known;

    public SocketDrops(Socket socket)
    {
        _table = socket.AddressFamily == AddressFamily.InterNetworkV6 ? "/proc/net/udp6" : "/proc/net/udp";
        var target = File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{socket.Handle}"), returnFinalTarget: false)?.Name;
        _inode = target is not null && target.StartsWith("socket:[", StringComparison.Ordinal) ? target[8..^1] : null;
    }

    /// <summary>Those since the last call.</summary>
    public long TakeNew()
    {
        var all = Read();
        var fresh = Math.Max(0, all - Interlocked.Exchange(ref _known, all));
        return fresh;
    }

    long Read()
    {
        try
        {
            foreach (var line in _inode is null ? [] : File.ReadLines(_table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                // sl, addresses, st, queues, tr, retrnsmt, uid, timeout, inode, ref, pointer, drops.
                if (columns.Length >= 13 && columns[9] == _inode)
                {
                    return long.TryParse(columns[12], NumberStyles.None, CultureInfo.InvariantCulture, out var drops) ? drops : 0;
                }
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // Not told: nothing is counted.
        }

        return 0;
    }
}
