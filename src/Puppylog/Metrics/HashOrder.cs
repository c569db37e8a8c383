using System.Buffers;

namespace Puppylog.Metrics;

/// <summary>Sorts hashes of <see cref="DistinctMeasure.HashBits"/> bits: they are spread evenly, so each lies about where its size says.</summary>
static class HashOrder
{
    /// <param name="hashes">Get sorted; those below zero come first.</param>
    /// <param name="order">Gets the places where they were.</param>
    public static void Sort(Span<long> hashes, Span<int> order)
    {
        var count = hashes.Length;
        var unsorted = ArrayPool<long>.Shared.Rent(count);
        hashes.CopyTo(unsorted);
        var starts = ArrayPool<int>.Shared.Rent(count + 2);
        starts.AsSpan(0, count + 2).Clear();
        foreach (var hash in hashes)
        {
            starts[Place(hash, count) + 2]++;
        }

        for (var i = 1; i < count + 2; i++)
        {
            starts[i] += starts[i - 1];
        }

        for (var i = 0; i < count; i++)
        {
            var at = starts[Place(unsorted[i], count) + 1]++;
            (hashes[at], order[at]) = (unsorted[i], i);
        }

        for (var place = 0; place < count; place++)
        {
            if (starts[place + 1] - starts[place] > 1)
            {
                ValueOrder.Sort(hashes[starts[place]..starts[place + 1]], order[starts[place]..starts[place + 1]]);
            }
        }

        ArrayPool<long>.Shared.Return(unsorted);
        ArrayPool<int>.Shared.Return(starts);
    }

    static int Place(long hash, int count) => hash < 0 ? 0 : (int)((hash * count) >> DistinctMeasure.HashBits);
}
