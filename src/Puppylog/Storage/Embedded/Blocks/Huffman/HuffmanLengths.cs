using System.Numerics;

namespace Puppylog.Storage.Embedded.Blocks.Huffman;

/// <summary>How many bits each byte's code has: what a Huffman code is, on disk and off.</summary>
static class HuffmanLengths
{
    /// <summary>Bits of the longest code: a table of all codes is then 4 KiB, and four codes fit into one read of 64 bits.</summary>
    public const int Longest = 11;

    public const int Symbols = 256;

    /// <summary>Lengths for bytes that occur so often; false where fewer than two do.</summary>
    /// <param name="counts">How often each byte occurs.</param>
    /// <param name="lengths">Becomes the bits of each byte's code, 0 for one that does not occur.</param>
    public static bool TryMake(ReadOnlySpan<int> counts, Span<byte> lengths)
    {
        lengths.Clear();
        Span<long> used = stackalloc long[Symbols];
        var count = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] > 0)
            {
                used[count++] = ((long)counts[symbol] << 8) | (uint)symbol;
            }
        }

        if (count < 2)
        {
            return false;
        }

        used = used[..count];
        Sort(used);
        Span<int> depths = stackalloc int[count];
        for (var i = 0; i < count; i++)
        {
            depths[i] = (int)(used[i] >> 8);
        }

        Minimize(depths);
        Span<int> ofLength = stackalloc int[Longest + 1];
        Limit(depths, ofLength);
        // The rarest come first and have the longest codes.
        for (int i = 0, length = Longest; i < count; i++)
        {
            while (ofLength[length] == 0)
            {
                length--;
            }

            ofLength[length]--;
            lengths[(byte)used[i]] = (byte)length;
        }

        return true;
    }

    /// <summary>Bits of all codes, for bytes that occur so often.</summary>
    public static long Bits(ReadOnlySpan<int> counts, ReadOnlySpan<byte> lengths)
    {
        long bits = 0;
        for (var symbol = 0; symbol < Symbols; symbol++)
        {
            bits += (long)counts[symbol] * lengths[symbol];
        }

        return bits;
    }

    /// <summary>The codes, in the order of length and symbol; their first bit is the lowest.</summary>
    public static void Codes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[Longest + 2];
        next.Clear();
        foreach (var length in lengths)
        {
            next[length + 1]++;
        }

        // Absent symbols have no code.
        next[1] = 0;
        for (var length = 1; length <= Longest; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            codes[symbol] = length == 0 ? (ushort)0 : Reverse(next[length]++, length);
        }
    }

    static ushort Reverse(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++, code >>= 1)
        {
            reversed = (reversed << 1) | (code & 1);
        }

        return (ushort)reversed;
    }

    /// <summary>Shell's sort: what is sorted is 256 numbers at the most.</summary>
    static void Sort(Span<long> numbers)
    {
        for (var gap = (int)BitOperations.RoundUpToPowerOf2((uint)numbers.Length) - 1; gap > 0; gap >>= 1)
        {
            for (var i = gap; i < numbers.Length; i++)
            {
                var number = numbers[i];
                var at = i;
                for (; at >= gap && numbers[at - gap] > number; at -= gap)
                {
                    numbers[at] = numbers[at - gap];
                }

                numbers[at] = number;
            }
        }
    }

    /// <summary>
    /// Ascending weights become the lengths of their codes (Moffat and Katajainen, In-Place Calculation of
    /// Minimum-Redundancy Codes, 1995).
    /// </summary>
    static void Minimize(Span<int> weights)
    {
        var count = weights.Length;
        weights[0] += weights[1];
        var root = 0;
        var leaf = 2;
        for (var next = 1; next < count - 1; next++)
        {
            weights[next] = Lighter(weights, next, ref root, ref leaf);
            weights[next] += Lighter(weights, next, ref root, ref leaf);
        }

        weights[count - 2] = 0;
        for (var next = count - 3; next >= 0; next--)
        {
            weights[next] = weights[weights[next]] + 1;
        }

        var (free, depth, inner, last) = (1, 0, count - 2, count - 1);
        while (free > 0)
        {
            var used = 0;
            for (; inner >= 0 && weights[inner] == depth; inner--)
            {
                used++;
            }

            for (; free > used; free--)
            {
                weights[last--] = depth;
            }

            free = 2 * used;
            depth++;
        }
    }

    static int Lighter(Span<int> weights, int next, ref int root, ref int leaf)
    {
        if (leaf >= weights.Length || (root < next && weights[root] < weights[leaf]))
        {
            var weight = weights[root];
            weights[root++] = next;
            return weight;
        }

        return weights[leaf++];
    }

    /// <summary>How many codes have each length, none above the longest: deeper ones take room from shorter ones (Kraft's inequality).</summary>
    static void Limit(ReadOnlySpan<int> depths, Span<int> ofLength)
    {
        ofLength.Clear();
        var taken = 0;
        foreach (var depth in depths)
        {
            var length = Math.Min(depth, Longest);
            ofLength[length]++;
            taken += 1 << (Longest - length);
        }

        for (; taken > 1 << Longest; taken--)
        {
            ofLength[Longest]--;
            var length = Longest - 1;
            while (ofLength[length] == 0)
            {
                length--;
            }

            ofLength[length]--;
            ofLength[length + 1] += 2;
        }
    }
}
