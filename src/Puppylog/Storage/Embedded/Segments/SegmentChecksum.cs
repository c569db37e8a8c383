using System.Numerics;
using System.Runtime.InteropServices;

namespace Puppylog.Storage.Embedded.Segments;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), as all checksums of the on-disk format.</summary>
static class SegmentChecksum
{
    public static uint Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) => ~Append(Append(uint.MaxValue, first), second);

    static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var single in bytes[(words.Length * 8)..])
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return crc;
    }
}
