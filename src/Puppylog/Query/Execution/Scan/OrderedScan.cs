using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>
/// Hands rows on oldest first: blocks one after the other, those whose times overlap merged. Holds the blocks that overlap
/// and as many ahead as there are workers.
/// </summary>
static class OrderedScan
{
    /// <param name="prefetch">Blocks by their earliest time.</param>
    /// <param name="chain">Takes the rows.</param>
    /// <param name="options">Told of damage.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public static async Task RunAsync(BlockPrefetch prefetch, PipeOperator chain, QueryOptions options, CancellationToken cancellationToken)
    {
        var open = new List<Cursor>();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = First(open);
            while (prefetch.HasMore && (first is null || prefetch.Upcoming.MinTime < first.Time))
            {
                if (await prefetch.NextAsync().ConfigureAwait(false) is { } found)
                {
                    open.Add(new Cursor(found));
                    first = First(open);
                }
            }

            if (first is null)
            {
                return;
            }

            if (!Emit(first, open, prefetch.HasMore ? prefetch.Upcoming.MinTime : long.MaxValue, chain, options))
            {
                return;
            }

            if (first.At == first.Block.Rows.Length)
            {
                open.Remove(first);
                first.Block.Charge.Release();
            }
        }
    }

    /// <summary>The rows of the first cursor up to where another one, or a block that is not open yet, comes before.</summary>
    static bool Emit(Cursor first, List<Cursor> open, long upcoming, PipeOperator chain, QueryOptions options)
    {
        var (time, ordinal) = (upcoming, int.MaxValue);
        foreach (var other in open)
        {
            if (other != first && (other.Time < time || (other.Time == time && other.Block.Ordinal < ordinal)))
            {
                (time, ordinal) = (other.Time, other.Block.Ordinal);
            }
        }

        var rows = first.Block.Rows.Span;
        var times = first.Block.View.Times.Nanoseconds;
        var end = first.At + 1;
        if (times[rows[^1]] < time || (open.Count == 1 && upcoming == long.MaxValue))
        {
            end = rows.Length;
        }

        while (end < rows.Length && (times[rows[end]] < time || (times[rows[end]] == time && first.Block.Ordinal < ordinal)))
        {
            end++;
        }

        var start = first.At;
        first.At = end;
        try
        {
            var wantsMore = chain.Push(first.Block.View, rows[start..end]);
            first.Block.Charge.Update(rows.Length);
            return wantsMore;
        }
        catch (CorruptDataException damage)
        {
            options.OnDamage?.Invoke(first.Block.Block, damage);
            first.At = rows.Length;
            return true;
        }
    }

    static Cursor? First(List<Cursor> open)
    {
        Cursor? first = null;
        foreach (var cursor in open)
        {
            if (first is null || cursor.Time < first.Time || (cursor.Time == first.Time && cursor.Block.Ordinal < first.Block.Ordinal))
            {
                first = cursor;
            }
        }

        return first;
    }

    sealed class Cursor(MatchedBlock block)
    {
        public MatchedBlock Block => block;

        public int At { get; set; }

        public long Time => block.View.Times.Nanoseconds[block.Rows.Span[At]];
    }
}
