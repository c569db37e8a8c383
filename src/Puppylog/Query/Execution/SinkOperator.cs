using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>The end of the chain.</summary>
sealed class SinkOperator(IResultSink sink) : PipeOperator
{
    public override bool Push(RecordView view, ReadOnlySpan<int> rows) => rows.IsEmpty || sink.Write(view, rows);

    public override void Finish()
    {
    }
}
