using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>
/// What one commit wrote as a block, or what compaction has joined: what the catalogue knows of it, and its bytes in the
/// segment file when they are asked for. Where that file was replaced meanwhile, exactly these records are read out of the
/// one that took its place.
/// </summary>
sealed class StoredBlock(BlockSource source, BlockRow row) : RecordBlock
{
    public override int Count => row.Frame.Records;

    public override long MinTime => row.Frame.MinTime;

    public override long MaxTime => row.Frame.MaxTime;

    public override long Arrival => BlockSource.Whole(row).Arrival;

    public override string Place => $"{DataLayout.SegmentFile(row.Segment, row.Day)} at byte {row.Frame.Offset}";

    public override IReadOnlyList<ArrivedRows> ReadArrivals() => source.ReadArrivals(row);

    public override RecordView Open()
    {
        try
        {
            return source.Open(row);
        }
        catch (SegmentGoneException gone)
        {
            return source.OpenMoved(row, gone);
        }
    }
}
