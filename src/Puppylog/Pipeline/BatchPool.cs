using System.Collections.Concurrent;
using Puppylog.Records;

namespace Puppylog.Pipeline;

/// <summary>Batches for reuse. Safe for several threads.</summary>
sealed class BatchPool
{
    readonly ConcurrentStack<RecordBatch> _free = new();

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
