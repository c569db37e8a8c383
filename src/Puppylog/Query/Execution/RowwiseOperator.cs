using Puppylog.Query.Execution.Scan;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>Runs a rowwise pipe behind one that is not.</summary>
sealed class RowwiseOperator(RowwisePipe pipe, PipeOperator next, QueryContext context) : PipeOperator
{
    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        var kept = rows.ToArray();
        var held = view.HeldBytes;
        var shaped = pipe.Apply(view, ref kept);
        if (kept.Length == 0)
        {
            return true;
        }

        var charge = new ViewCharge(shaped, context.Memory, held);
        try
        {
            charge.Update(0);
            return next.Push(shaped, kept);
        }
        finally
        {
            charge.Release();
        }
    }

    public override void Finish() => next.Finish();
}
