using System.Buffers.Binary;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>The 64-bit hash of a word that word filters are made of; it is on disk (docs/formats/block.md).</summary>
static class WordHash
{
    const ulong K0 = 0x9E37_79B9_7F4A_7C15;
    const ulong K1 = 0xD6E8_FEB8_6659_FD93;

    public static ulong Compute(ReadOnlySpan<byte> word)
    {
        var hash = (ulong)word.Length * K0;
        while (word.Length > 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(word), K1);
            word = word[8..];
        }

        ulong rest = 0;
        if (word.Length >= 4)
        {
            rest = BinaryPrimitives.ReadUInt32LittleEndian(word) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(word[^4..]) << 32);
        }
        else
        {
            foreach (var b in word)
            {
                rest = (rest << 8) | b;
            }
        }

        return Fold(hash ^ rest, K1) ^ (hash >> 32);
    }

    static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
