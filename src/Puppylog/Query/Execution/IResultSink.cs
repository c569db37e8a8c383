using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>Where a query's rows go, in order.</summary>
interface IResultSink
{
    /// <summary>False where the sink never reads <c>_raw</c>, so that sorted rows need not keep it.</summary>
    bool ReadsRaw => true;

    /// <summary>Rows of a view, in the order given. Called by one thread at a time. Returns false to end the query early.</summary>
    bool Write(RecordView view, ReadOnlySpan<int> rows);
}
