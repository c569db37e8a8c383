using Puppylog.Query.Execution.Rows;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>Lets each worker gather from the blocks that it takes, in any order, and merges what they have.</summary>
static class GatherScan
{
    public static async Task<GatheringOperator> RunAsync(
        QueryPlan plan, IReadOnlyList<RecordBlock> blocks, PipeOperator chain, BlockScan scan, QueryOptions options, QueryContext context)
    {
        var next = -1;
        var failed = false;

        GatheringOperator Work()
        {
            var gatherer = plan.CreateGatherer(chain, context);
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
