namespace Puppylog.Query.Execution.Groups;

/// <summary>The first N groups in their order, by a heap of N of them: what lies behind the last of them costs one comparison.</summary>
static class GroupSelection
{
    /// <param name="keys">Their order.</param>
    /// <param name="groups">Groups with the hits that they are ranked by.</param>
    /// <param name="total">How many groups there are at the most.</param>
    /// <param name="limit">N.</param>
    /// <param name="context">Charged for what is kept.</param>
    /// <returns>In order.</returns>
    public static RankedGroup[] First(GroupKeys keys, IEnumerable<(int Group, long Hits)> groups, int total, long limit, QueryContext context)
    {
        var size = (int)Math.Min(limit, total);
        context.Memory.Charge((long)size * RankedGroup.Size);
        if (size == total)
        {
            var all = groups.Select(group => keys.Rank(group.Group, group.Hits)).ToArray();
            context.Cancellation.ThrowIfCancellationRequested();
            all.AsSpan().Sort(keys);
            return all;
        }

        // The last in order is the heap's first.
        var heap = new PriorityQueue<RankedGroup, RankedGroup>(size, Comparer<RankedGroup>.Create((a, b) => keys.Compare(b, a)));
        foreach (var (group, hits) in groups)
        {
            if (heap.Count < size)
            {
                var ranked = keys.Rank(group, hits);
                heap.Enqueue(ranked, ranked);
            }
            else if (size > 0 && hits >= heap.Peek().Hits)
            {
                var ranked = keys.Rank(group, hits);
                if (keys.Compare(ranked, heap.Peek()) < 0)
                {
                    heap.DequeueEnqueue(ranked, ranked);
                }
            }
        }

        var first = new RankedGroup[heap.Count];
        for (var i = first.Length - 1; i >= 0; i--)
        {
            first[i] = heap.Dequeue();
        }

        return first;
    }
}
