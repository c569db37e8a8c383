using System.Collections.Concurrent;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>
/// Lets each worker gather from the blocks that it takes, in any order, and merges what they have; again while that asks
/// for another pass. A block that is damaged is reported once.
/// </summary>
static class GatherScan
{
    public static async Task<GatheringOperator> RunAsync(
        QueryPlan plan, IReadOnlyList<RecordBlock> blocks, PipeOperator chain, QueryOptions options, QueryContext context)
    {
        var damaged = new ConcurrentDictionary<RecordBlock, bool>();
        var once = options with
        {
            OnDamage = (block, damage) =>
            {
                if (damaged.TryAdd(block, true))
                {
                    options.OnDamage?.Invoke(block, damage);
                }
            },
        };
        var scan = new BlockScan(plan, once, context);
        var merged = await PassAsync(() => plan.CreateGatherer(chain, context), blocks, scan, once, context).ConfigureAwait(false);
        while (merged.NextPass() is { } create)
        {
            var sound = blocks.Where(block => !damaged.ContainsKey(block)).ToArray();
            merged = await PassAsync(create, sound, scan, once, context).ConfigureAwait(false);
        }

        return merged;
    }

    static async Task<GatheringOperator> PassAsync(
        Func<GatheringOperator> create, IReadOnlyList<RecordBlock> blocks, BlockScan scan, QueryOptions options, QueryContext context)
    {
        var next = -1;
        var failed = false;

        GatheringOperator Work()
        {
            var gatherer = create();
            try
            {
                for (var i = Interlocked.Increment(ref next); i < blocks.Count && !Volatile.Read(ref failed); i = Interlocked.Increment(ref next))
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    if (scan.Find(i, blocks[i], byTime: false) is { } found && !Push(gatherer, found, options))
                    {
                        break;
                    }
                }
            }
            catch
            {
                Volatile.Write(ref failed, true);
                throw;
            }

            return gatherer;
        }

        var workers = Math.Max(1, Math.Min(options.Workers, blocks.Count));
        var tasks = new Task<GatheringOperator>[workers];
        for (var i = 0; i < workers; i++)
        {
            tasks[i] = Task.Run(Work, CancellationToken.None);
        }

        await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Cancellation.ThrowIfCancellationRequested();
        var merged = await (Array.Find(tasks, task => task.IsFaulted) ?? tasks[0]).ConfigureAwait(false);
        foreach (var other in tasks.Skip(1))
        {
            merged.Merge(await other.ConfigureAwait(false));
        }

        return merged;
    }

    static bool Push(GatheringOperator gatherer, MatchedBlock found, QueryOptions options)
    {
        if (gatherer is SortOperator sort)
        {
            sort.Block = found;
        }

        try
        {
            var wantsMore = gatherer.Push(found.View, found.Rows.Span);
            found.Charge.Update(found.Rows.Length);
            return wantsMore;
        }
        catch (CorruptDataException damage)
        {
            options.OnDamage?.Invoke(found.Block, damage);
            return true;
        }
        finally
        {
            found.Charge.Release();
        }
    }
}
