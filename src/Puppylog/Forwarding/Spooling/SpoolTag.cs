using System.Buffers.Binary;
using System.Net;
using Puppylog.Sources;

namespace Puppylog.Forwarding.Spooling;

/// <summary>What lines bring along that is not in their bytes.</summary>
/// <param name="Left">Bytes that the last line lost because it is too long.</param>
/// <param name="IsOneRecord">All lines are one record.</param>
/// <param name="Peer">Who sent them, as an IPv6 address; 0 where they were not sent.</param>
readonly record struct SpoolTag(long Left, bool IsOneRecord = false, UInt128 Peer = default)
{
    public static SpoolTag Of(in LineRun run)
    {
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        run.Peer?.Address.MapToIPv6().TryWriteBytes(address, out _);
        return new(run.Lines.Left, run.Lines.IsOneRecord, BinaryPrimitives.ReadUInt128BigEndian(address));
    }

    public SourcePeer? ToPeer()
    {
        if (Peer == 0)
        {
            return null;
        }

        Span<byte> address = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(address, Peer);
        return new(new IPAddress(address));
    }
}
