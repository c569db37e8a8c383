using System.Buffers;
using System.Numerics;

namespace Puppylog.Metrics;

/// <summary>
/// Numbers buckets (<see cref="Query.Values.QuantileSketch.Bucket"/>) in their order, by a bit for each that there may be: they
/// have 20 bits, and those of a block lie close together.
/// </summary>
static class BucketOrder
{
    /// <param name="buckets">By row; <see cref="int.MinValue"/> for none. Become the numbers, and -1.</param>
    /// <param name="least">Of all.</param>
    /// <param name="most">Of all; below <paramref name="least"/> where there is none.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>By number, ascending; an array of the pool, longer than there are numbers.</returns>
    public static long[] Number(Span<int> buckets, int least, int most, out int count)
    {
        var words = most < least ? 0 : ((most - least) >> 6) + 1;
        var used = ArrayPool<ulong>.Shared.Rent(words);
        var before = ArrayPool<int>.Shared.Rent(words);
        used.AsSpan(0, words).Clear();
        foreach (var bucket in buckets)
        {
            if (bucket != int.MinValue)
            {
                used[(bucket - least) >> 6] |= 1UL << ((bucket - least) & 63);
            }
        }

        count = 0;
        for (var word = 0; word < words; word++)
        {
            before[word] = count;
            count += BitOperations.PopCount(used[word]);
        }

        var values = ArrayPool<long>.Shared.Rent(count);
        for (int word = 0, at = 0; word < words; word++)
        {
            for (var bits = used[word]; bits != 0; bits &= bits - 1)
            {
                values[at++] = least + (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        for (var row = 0; row < buckets.Length; row++)
        {
            var place = buckets[row] - least;
            buckets[row] = buckets[row] == int.MinValue ? -1 : before[place >> 6] + BitOperations.PopCount(used[place >> 6] & ((1UL << (place & 63)) - 1));
        }

        ArrayPool<ulong>.Shared.Return(used);
        ArrayPool<int>.Shared.Return(before);
        return values;
    }
}
