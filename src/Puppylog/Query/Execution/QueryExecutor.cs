using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>Runs a query over blocks, in parallel, and hands the results to a sink in the query's order.</summary>
static class QueryExecutor
{
    public static Task RunAsync(LogQuery query, IReadOnlyList<RecordBlock> blocks, IResultSink sink, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
