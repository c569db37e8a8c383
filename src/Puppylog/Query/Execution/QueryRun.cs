using Puppylog.Query.Execution.Scan;
using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>
/// Runs a query over blocks as they come, their rows in that order: files read in place. A block may be used again when <see cref="Add"/> returns. One thread at a time.
/// </summary>
sealed class QueryRun
{
    readonly BlockScan _scan;
    readonly QueryPlan _plan;
    readonly QueryOptions _options;
    readonly QueryContext _context;
    readonly PipeOperator _chain;
    int _blocks;

    public QueryRun(LogQuery query, IResultSink sink, CancellationToken cancellationToken)
    {
        _options = query.Options;
        _plan = new QueryPlan(query, sink.ReadsRaw, allowNewest: false);
        _context = new QueryContext(new QueryMemory(_options.MaxMemory), cancellationToken, _options.OnNote);
        _scan = new BlockScan(_plan, _options, _context);
        _chain = _plan.CreateChain(sink, _context);
        if (_plan.Gathering is not null)
        {
            _chain = _plan.CreateGatherer(_chain, _context);
        }
    }

    /// <summary>False where no further block can change the result.</summary>
    public bool Add(RecordBlock block)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        if (!_plan.IsInTime(block) || _scan.Find(_blocks++, block, byTime: false) is not { } found)
        {
            return true;
        }

        try
        {
            var wantsMore = _chain.Push(found.View, found.Rows.Span);
            found.Charge.Update(found.Rows.Length);
            return wantsMore;
        }
        catch (CorruptDataException damage)
        {
            _options.OnDamage?.Invoke(block, damage);
            return true;
        }
        finally
        {
            found.Charge.Release();
        }
    }

    public void Finish() => _chain.Finish();
}
