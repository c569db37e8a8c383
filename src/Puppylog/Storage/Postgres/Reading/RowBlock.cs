using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>Rows that were read, in the order of the store.</summary>
/// <param name="batch">The rows; not used again while the block is.</param>
/// <param name="arrival">The place of the first row in the order in which rows were stored.</param>
sealed class RowBlock(RecordBatch batch, long arrival) : RecordBlock
{
    readonly BatchView _view = new(batch);

    public RecordBatch Batch => batch;

    public override int Count => batch.Count;

    public override long MinTime => _view.MinTime;

    public override long MaxTime => _view.MaxTime;

    public override long Arrival => arrival;

    public override RecordView Open() => new BatchView(batch);
}
