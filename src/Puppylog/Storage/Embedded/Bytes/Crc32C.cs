using System.Buffers.Binary;
using System.Numerics;

namespace Puppylog.Storage.Embedded.Bytes;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) by the processor's instruction: all checksums of the on-disk formats.</summary>
static class Crc32C
{
    /// <summary>Of the bytes of both, one behind the other.</summary>
    public static uint Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) => Append(Append(0, first), second);

    /// <summary>Goes on from the CRC of the bytes before.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var state = ~crc;
        while (bytes.Length >= 8)
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return ~state;
    }
}
