using Puppylog.Query.Execution.Rows;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>
/// Finds the newest N rows: blocks from the newest on, until none that is left can hold a newer row than the N found.
/// Keeps row numbers, and opened blocks only as long as they are few.
/// </summary>
static class NewestScan
{
    /// <summary>More blocks than this are opened again for printing instead of being kept open.</summary>
    const int MaxOpenBlocks = 32;

    /// <returns>The rows per block, blocks in the scan's order, rows by time.</returns>
    public static async Task<IReadOnlyList<MatchedBlock>> FindAsync(
        long count, IReadOnlyList<RecordBlock> blocks, BlockScan scan, QueryOptions options, QueryContext context)
    {
        // Ordinals stay those of the blocks by their earliest time.
        var byMaxTime = Enumerable.Range(0, blocks.Count).OrderByDescending(i => blocks[i].MaxTime).ThenByDescending(i => i).ToArray();
        var ordered = Array.ConvertAll(byMaxTime, i => blocks[i]);
        var newest = new List<Entry>();
        var found = new Dictionary<int, MatchedBlock>();
        var prefetch = new BlockPrefetch(ordered, options.Workers, (i, block) => Newest(scan.Find(byMaxTime[i], block, byTime: true), count), context.Cancellation);
        await using (prefetch.ConfigureAwait(false))
        {
            while (count > 0 && prefetch.HasMore && (newest.Count < count || prefetch.Upcoming.MaxTime >= newest[^1].Place.Time))
            {
                if (await prefetch.NextAsync().ConfigureAwait(false) is not { } block)
                {
                    continue;
                }

                Add(newest, block, count, context.Memory);
                found[block.Ordinal] = found.Count < MaxOpenBlocks ? block : LetGo(block);
                DropUnused(found, newest);
            }
        }

        var result = new List<MatchedBlock>();
        foreach (var group in newest.GroupBy(entry => entry.Ordinal).OrderBy(group => group.Key))
        {
            var rows = group.OrderBy(entry => entry.Place).Select(entry => entry.Row).ToArray();
            MatchedBlock? block = found[group.Key] with { Rows = rows };
            if (ReferenceEquals(block.View, EmptyView))
            {
                block = scan.Reopen(block);
            }

            if (block is not null)
            {
                result.Add(block);
            }
        }

        return result;
    }

    static RecordView EmptyView { get; } = new ResultView(0);

    static MatchedBlock? Newest(MatchedBlock? found, long count) =>
        found is null || found.Rows.Length <= count ? found : found with { Rows = found.Rows[^(int)count..] };

    static MatchedBlock LetGo(MatchedBlock block)
    {
        block.Charge.Release();
        return block with { View = EmptyView };
    }

    static void Add(List<Entry> newest, MatchedBlock block, long count, QueryMemory memory)
    {
        memory.Charge(block.Rows.Length * 32L);
        foreach (var row in block.Rows.Span)
        {
            newest.Add(new(block.PlaceOf(row)));
        }

        newest.Sort(static (a, b) => b.Place.CompareTo(a.Place));
        if (newest.Count > count)
        {
            memory.Release((newest.Count - count) * 32L);
            newest.RemoveRange((int)count, newest.Count - (int)count);
        }
    }

    static void DropUnused(Dictionary<int, MatchedBlock> found, List<Entry> newest)
    {
        if (found.Count > MaxOpenBlocks)
        {
            var used = newest.Select(entry => entry.Ordinal).ToHashSet();
            foreach (var ordinal in found.Keys.Where(ordinal => !used.Contains(ordinal)).ToArray())
            {
                LetGo(found[ordinal]);
                found.Remove(ordinal);
            }
        }
    }

    readonly record struct Entry(RowPlace Place)
    {
        public int Ordinal => Place.Block;

        public int Row => Place.Row;
    }
}
