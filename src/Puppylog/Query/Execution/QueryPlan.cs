using System.Collections.Immutable;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>
/// How a query is run: the filter and the rowwise pipes before anything else on each block, then one operator that
/// gathers, a search for the newest rows, or the rows in order; then the rest, one after the other.
/// </summary>
sealed class QueryPlan
{
    readonly ImmutableArray<Pipe> _pipes;
    readonly ImmutableArray<Pipe> _rest;
    readonly bool _readsRaw;

    public QueryPlan(LogQuery query, bool readsRaw, bool allowNewest = true)
    {
        Filter = query.Filter;
        _readsRaw = readsRaw;
        var pipes = _pipes = query.Pipes;
        var prefix = pipes.TakeWhile(pipe => pipe is RowwisePipe).Cast<RowwisePipe>().ToImmutableArray();
        Prefix = prefix;
        _rest = pipes[prefix.Length..];
        var isNewest = TryNewest(_rest, out var count, out var descending, out var taken);
        if (isNewest && allowNewest && prefix.All(pipe => pipe is FilterPipe))
        {
            Newest = count;
            NewestDescending = descending;
            _rest = _rest[taken..];
        }
        else if (isNewest && !descending)
        {
            Gathering = new SortPipe([new(FieldNames.Time, Descending: true)], 0, count, null) { IsBackwards = true };
            _rest = _rest[taken..];
        }
        else if (!_rest.IsEmpty && _rest[0] is GatheringPipe gathering)
        {
            Gathering = gathering;
            _rest = _rest[1..];
        }

        var (min, max) = (long.MinValue, long.MaxValue);
        Filter.NarrowTime(ref min, ref max);
        foreach (var pipe in prefix.TakeWhile(pipe => pipe is FilterPipe))
        {
            ((FilterPipe)pipe).Filter.NarrowTime(ref min, ref max);
        }

        (MinTime, MaxTime) = (min, max);
    }

    public Filter Filter { get; }

    public ImmutableArray<RowwisePipe> Prefix { get; }

    public GatheringPipe? Gathering { get; }

    /// <summary>The number of newest rows that are asked for; null where the query does not begin so.</summary>
    public long? Newest { get; }

    /// <summary>True to hand the newest rows on newest first.</summary>
    public bool NewestDescending { get; }

    /// <summary>Nothing before it matches: nanoseconds since 1970, UTC.</summary>
    public long MinTime { get; }

    public long MaxTime { get; }

    public bool IsInTime(RecordBlock block) => block.Count > 0 && block.MaxTime >= MinTime && block.MinTime <= MaxTime && MinTime <= MaxTime;

    /// <summary>The operators behind the scan (and behind <see cref="Gathering"/>).</summary>
    public PipeOperator CreateChain(IResultSink sink, QueryContext context) => Create(_rest, sink, context);

    public GatheringOperator CreateGatherer(PipeOperator chain, QueryContext context) => Gathering!.CreateGatherer(chain, NeededAfter(_rest, 0), context);

    /// <summary>What is read after a pipe of <see cref="Prefix"/>.</summary>
    public NeededFields NeededAfterPrefix(int at) => NeededAfter(_pipes, at + 1);

    NeededFields NeededAfter(ImmutableArray<Pipe> pipes, int from)
    {
        var needed = _readsRaw ? NeededFields.Everything.With(FieldNames.Raw) : NeededFields.Everything;
        for (var i = pipes.Length - 1; i >= from; i--)
        {
            needed = pipes[i].Needed(needed);
        }

        return needed;
    }

    PipeOperator Create(ImmutableArray<Pipe> pipes, IResultSink sink, QueryContext context)
    {
        PipeOperator next = new SinkOperator(sink);
        for (var i = pipes.Length - 1; i >= 0; i--)
        {
            next = pipes[i].CreateOperator(next, NeededAfter(pipes, i + 1), context);
        }

        return next;
    }

    /// <summary>
    /// Recognises <c>sort by (_time desc) limit N</c>, also as <c>sort by (_time desc) | limit N</c>, and behind it
    /// <c>sort by (_time)</c>, which asks for the same rows oldest first.
    /// </summary>
    static bool TryNewest(ImmutableArray<Pipe> pipes, out long count, out bool descending, out int taken)
    {
        count = 0;
        descending = true;
        taken = 1;
        if (pipes.IsEmpty || pipes[0] is not SortPipe { Offset: 0, RankName: null } sort || !IsByTime(sort, descending: true))
        {
            return false;
        }

        if (sort.Limit is { } limit)
        {
            count = limit;
        }
        else if (pipes.Length > 1 && pipes[1] is LimitPipe following)
        {
            count = following.Count;
            taken = 2;
        }
        else
        {
            return false;
        }

        if (pipes.Length > taken && pipes[taken] is SortPipe { Offset: 0, RankName: null, Limit: null } back && IsByTime(back, descending: false))
        {
            descending = false;
            taken++;
        }

        return count <= int.MaxValue / 4;
    }

    static bool IsByTime(SortPipe sort, bool descending) =>
        sort.Fields.Length == 1 && sort.Fields[0].Name is FieldNames.Time && sort.Fields[0].Descending == descending;
}
