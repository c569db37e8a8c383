using Puppylog.Records;

namespace Puppylog.Query.Execution;

/// <summary>
/// A pipe at work: rows are pushed in, results are pushed to the next operator. One thread at a time. What it keeps
/// between calls it copies: neither the view nor the rows outlive the call.
/// </summary>
abstract class PipeOperator
{
    /// <summary>Takes rows of a view, in the order given. False where no further row can change the result.</summary>
    public abstract bool Push(RecordView view, ReadOnlySpan<int> rows);

    /// <summary>The input has ended: hands on what was gathered, then ends the next operator.</summary>
    public abstract void Finish();

    /// <summary>Pushes all rows of a view.</summary>
    public bool PushAll(RecordView view)
    {
        var rows = new int[view.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        return rows.Length == 0 || Push(view, rows);
    }
}
