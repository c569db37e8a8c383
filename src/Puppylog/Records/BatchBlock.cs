namespace Puppylog.Records;

/// <summary>A batch in memory as a block, for queries over files in place.</summary>
sealed class BatchBlock : RecordBlock
{
    readonly RecordBatch _batch;

    public BatchBlock(RecordBatch batch)
    {
        _batch = batch;
        var view = new BatchView(batch);
        MinTime = view.MinTime;
        MaxTime = view.MaxTime;
    }

    public override int Count => _batch.Count;

    public override long MinTime { get; }

    public override long MaxTime { get; }

    public override RecordView Open() => new BatchView(_batch);
}
