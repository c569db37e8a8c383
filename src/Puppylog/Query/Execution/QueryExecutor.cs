using Puppylog.Query.Execution.Scan;
using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>
/// Runs a query over blocks, in parallel, and hands the results to a sink in the query's order: oldest first (rows of one
/// time as they were stored) unless a pipe says otherwise. Blocks that turn out damaged are reported and skipped.
/// </summary>
static class QueryExecutor
{
    /// <exception cref="QueryMemoryException">The query would keep more than its budget.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task RunAsync(LogQuery query, IReadOnlyList<RecordBlock> blocks, IResultSink sink, CancellationToken cancellationToken) =>
        RunAsync(query, blocks, sink, query.Options, cancellationToken);

    public static async Task RunAsync(
        LogQuery query, IReadOnlyList<RecordBlock> blocks, IResultSink sink, QueryOptions options, CancellationToken cancellationToken)
    {
        var plan = new QueryPlan(query, sink.ReadsRaw);
        var context = new QueryContext(new QueryMemory(options.MaxMemory), cancellationToken, options.OnNote);
        var scan = new BlockScan(plan, options, context);
        var chain = plan.CreateChain(sink, context);
        var inTime = blocks.Where(plan.IsInTime).OrderBy(block => block.MinTime).ToArray();
        if (plan.Newest is { } count)
        {
            await PushNewestAsync(count, plan, inTime, chain, scan, options, context).ConfigureAwait(false);
        }
        else if (plan.Gathering is not null)
        {
            chain = await GatherScan.RunAsync(plan, inTime, chain, options, context).ConfigureAwait(false);
        }
        else
        {
            var prefetch = new BlockPrefetch(inTime, options.Workers, (i, block) => scan.Find(i, block, byTime: true), cancellationToken);
            await using (prefetch.ConfigureAwait(false))
            {
                await OrderedScan.RunAsync(prefetch, chain, options, cancellationToken).ConfigureAwait(false);
            }
        }

        chain.Finish();
    }

    static async Task PushNewestAsync(
        long count, QueryPlan plan, RecordBlock[] blocks, PipeOperator chain, BlockScan scan, QueryOptions options, QueryContext context)
    {
        var found = await NewestScan.FindAsync(count, blocks, scan, options, context).ConfigureAwait(false);
        if (!plan.NewestDescending)
        {
            // As the blocks that hold them, whose rows are known already.
            var known = new BlockPrefetch([.. found.Select(block => block.Block)], options.Workers, (i, _) => found[i], context.Cancellation);
            await using (known.ConfigureAwait(false))
            {
                await OrderedScan.RunAsync(known, chain, options, context.Cancellation).ConfigureAwait(false);
            }

            return;
        }

        var places = found.SelectMany((block, i) => block.Rows.ToArray().Select(row => (Place: block.PlaceOf(row), Block: i)));
        var damaged = new HashSet<int>();
        foreach (var (place, block) in places.OrderByDescending(place => place.Place).Where(place => !damaged.Contains(place.Block)))
        {
            try
            {
                if (!chain.Push(found[block].View, [place.Row]))
                {
                    return;
                }
            }
            catch (CorruptDataException damage)
            {
                // In a column that only the printing reads.
                options.OnDamage?.Invoke(found[block].Block, damage);
                damaged.Add(block);
            }
        }
    }
}
