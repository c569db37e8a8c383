using System.Buffers;

namespace Puppylog.Metrics;

/// <summary>
/// Sorts values with the places where they were. (What the library has for it is compiled anew in each process, and slow until
/// it is compiled once more.)
/// </summary>
static class ValueOrder
{
    /// <summary>Neighbours that are sorted by moving one after the other.</summary>
    const int Run = 16;

    /// <summary>Merges sorted runs, twice as long each time; equal values stay in their order.</summary>
    public static void Sort(Span<long> values, Span<int> order)
    {
        var count = values.Length;
        for (var start = 0; start < count; start += Run)
        {
            var length = Math.Min(Run, count - start);
            Insert(values.Slice(start, length), order.Slice(start, length));
        }

        if (count <= Run)
        {
            return;
        }

        var (otherValues, otherOrder) = (ArrayPool<long>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count));
        Span<long> from = values, to = otherValues.AsSpan(0, count);
        Span<int> fromOrder = order, toOrder = otherOrder.AsSpan(0, count);
        for (var run = Run; run < count; run *= 2)
        {
            for (var start = 0; start < count; start += 2 * run)
            {
                var (middle, end) = (Math.Min(start + run, count), Math.Min(start + (2 * run), count));
                for (int a = start, b = middle, at = start; at < end; at++)
                {
                    var next = b == end || (a < middle && from[a] <= from[b]) ? a++ : b++;
                    (to[at], toOrder[at]) = (from[next], fromOrder[next]);
                }
            }

            var spare = from;
            var spareOrder = fromOrder;
            from = to;
            fromOrder = toOrder;
            to = spare;
            toOrder = spareOrder;
        }

        // What was merged last.
        from.CopyTo(values);
        fromOrder.CopyTo(order);
        ArrayPool<long>.Shared.Return(otherValues);
        ArrayPool<int>.Shared.Return(otherOrder);
    }

    static void Insert(Span<long> values, Span<int> order)
    {
        for (var i = 1; i < values.Length; i++)
        {
            var (value, place, at) = (values[i], order[i], i);
            for (; at > 0 && values[at - 1] > value; at--)
            {
                (values[at], order[at]) = (values[at - 1], order[at - 1]);
            }

            (values[at], order[at]) = (value, place);
        }
    }
}
