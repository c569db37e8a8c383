using Puppylog.Records;

namespace Puppylog.Pipeline;

/// <summary>Batches for reuse. Not thread-safe.</summary>
sealed class BatchPool
{
    readonly Stack<RecordBatch> _free = new();

    public RecordBatch Rent(RecordShape shape)
    {
        if (!_free.TryPop(out var batch))
        {
            return new RecordBatch(shape);
        }

        batch.Reset(shape);
        return batch;
    }

    public void Return(RecordBatch batch) => _free.Push(batch);
}
