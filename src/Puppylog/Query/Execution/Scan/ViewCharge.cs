using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>
/// Charges a query for an open block: the columns that were decoded of it and the numbers of its rows. What a step decodes
/// is charged behind the step, so that a query is past its budget by at most a step a worker. One thread at a time.
/// </summary>
/// <param name="view">The block.</param>
/// <param name="memory">The budget.</param>
/// <param name="known">Bytes of it that are charged elsewhere.</param>
sealed class ViewCharge(RecordView view, QueryMemory memory, long known = 0)
{
    RecordView _view = view;
    long _charged;

    /// <summary>A pipe has put a view over it, which holds bytes of its own.</summary>
    public void Shaped(RecordView by) => _view = by;

    /// <param name="rows">Row numbers that are kept.</param>
    /// <exception cref="QueryMemoryException">The budget is spent.</exception>
    public void Update(int rows)
    {
        var held = _view.HeldBytes - known + (rows * 4L);
        if (held > _charged)
        {
            var more = held - _charged;
            _charged = held;
            memory.Charge(more);
        }
    }

    /// <summary>The block is let go.</summary>
    public void Release()
    {
        memory.Release(_charged);
        _charged = 0;
    }
}
