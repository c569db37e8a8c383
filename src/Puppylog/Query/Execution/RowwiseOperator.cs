using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>Runs a rowwise pipe behind one that is not.</summary>
sealed class RowwiseOperator(RowwisePipe pipe, PipeOperator next) : PipeOperator
{
    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        var kept = rows.ToArray();
        var shaped = pipe.Apply(view, ref kept);
        return kept.Length == 0 || next.Push(shaped, kept);
    }

    public override void Finish() => next.Finish();
}
