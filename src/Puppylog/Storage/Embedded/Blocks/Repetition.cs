using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Estimates how much of some bytes a compressor that finds repetition could save, by finding it with a table of one entry
/// per hash and nothing more: a tenth of the time that such a compressor takes to say that there is none.
/// </summary>
static class Repetition
{
    const int TableBits = 11;

    /// <summary>Bits that a reference to earlier bytes takes at the least: its length and its distance.</summary>
    const int ReferenceBits = 14;

    /// <summary>What takes fewer bits stands twice among some thousand bytes by chance.</summary>
    const int ChanceBits = 24;

    /// <summary>No shorter repetition is taken up by Brotli's fast qualities.</summary>
    const int Shortest = 4;

    /// <summary>After each 2 to this many places without repetition the steps between places grow by one.</summary>
    const int Patience = 5;

    /// <param name="bytes">The bytes, fewer than 65,536.</param>
    /// <param name="bits">What they take as Huffman codes.</param>
    /// <returns>Bits that references to earlier bytes would save of that, about.</returns>
    public static double Saving(ReadOnlySpan<byte> bytes, long bits)
    {
        var each = (double)bits / bytes.Length;
        var least = Math.Max(Shortest, (int)(ChanceBits / each) + 1);
        var mask = least >= sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * least)) - 1;
        Span<ushort> table = stackalloc ushort[1 << TableBits];
        table.Clear();
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var saved = 0.0;
        for (int at = 0, missed = 0; at <= bytes.Length - sizeof(ulong); at += 1 + (missed++ >> Patience))
        {
            var eight = Load(ref first, at) & mask;
            ref var entry = ref table[(int)((eight * 0x9E37_79B9_7F4A_7C15) >> (64 - TableBits))];
            var earlier = entry - 1;
            entry = (ushort)(at + 1);
            if (earlier >= 0 && (Load(ref first, earlier) & mask) == eight)
            {
                var length = bytes[at..].CommonPrefixLength(bytes[earlier..]);
                if (length >= least)
                {
                    saved += (length * each) - ReferenceBits;
                    at += length - 1;
                    missed = 0;
                }
            }
        }

        return saved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Load(ref byte first, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at));
}
