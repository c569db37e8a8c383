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
            while (prefetch.HasMore && (first is null || IsBefore(prefetch.Upcoming, first)))
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

            if (!Emit(first, open, prefetch.HasMore ? prefetch.Upcoming : null, chain, options))
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
    static bool Emit(Cursor first, List<Cursor> open, RecordBlock? upcoming, PipeOperator chain, QueryOptions options)
    {
        var bound = upcoming is null ? new RowPlace(long.MaxValue, long.MaxValue, 0, 0) : new(upcoming.MinTime, upcoming.Arrival, int.MaxValue, 0);
        foreach (var other in open)
        {
            if (other != first && other.IsBefore(bound))
            {
                bound = other.Place;
            }
        }

        var rows = first.Block.Rows.Span;
        var times = first.Block.View.Times.Nanoseconds;
        var end = first.At + 1;
        if (times[rows[^1]] < bound.Time || (open.Count == 1 && upcoming is null))
        {
            end = rows.Length;
        }

        while (end < rows.Length && (times[rows[end]] < bound.Time || (times[rows[end]] == bound.Time && first.Block.PlaceOf(rows[end]).CompareTo(bound) < 0)))
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

    /// <summary>Of the blocks that begin at one time, the one stored first is the next.</summary>
    static bool IsBefore(RecordBlock upcoming, Cursor first) =>
        upcoming.MinTime < first.Time || (upcoming.MinTime == first.Time && upcoming.Arrival < first.Place.Arrival);

    static Cursor? First(List<Cursor> open)
    {
        Cursor? first = null;
        foreach (var cursor in open)
        {
            if (first is null || cursor.IsBefore(first))
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

        public RowPlace Place => block.PlaceOf(block.Rows.Span[At]);

        public bool IsBefore(Cursor other) => Time < other.Time || (Time == other.Time && Place.CompareTo(other.Place) < 0);

        /// <summary>Looks up when its row was stored only where the time does not decide.</summary>
        public bool IsBefore(RowPlace other) => Time < other.Time || (Time == other.Time && Place.CompareTo(other) < 0);
    }
}
