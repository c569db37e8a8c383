using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>Where a query's rows go, in order.</summary>
interface IResultSink
{
    /// <summary>Rows of a view, in the order given. Called by one thread at a time. Returns false to end the query early.</summary>
    bool Write(RecordView view, ReadOnlySpan<int> rows);
}
