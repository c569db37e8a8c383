using System.Buffers.Binary;
using System.Numerics;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) by the processor's instruction.</summary>
static class Crc32C
{
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

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
