using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>What of a query the server may do: the filters that stand before everything else.</summary>
sealed class LogQueryParts
{
    public LogQueryParts(LogQuery query, bool readsRaw)
    {
        Plan = new(query, readsRaw);
        Filters = [Plan.Filter, .. Plan.Prefix.TakeWhile(pipe => pipe is FilterPipe).Select(pipe => ((FilterPipe)pipe).Filter)];
    }

    public QueryPlan Plan { get; }

    /// <summary>All of them must match.</summary>
    public IReadOnlyList<Filter> Filters { get; }
}
