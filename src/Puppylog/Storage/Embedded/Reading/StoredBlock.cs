using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>A committed block: what the catalogue knows of it, and its bytes in the segment file when they are asked for.</summary>
sealed class StoredBlock(SegmentFiles files, IBlockCodec codec, BlockRow row) : RecordBlock
{
    public override int Count => row.Frame.Records;

    public override long MinTime => row.Frame.MinTime;

    public override long MaxTime => row.Frame.MaxTime;

    public override string Place => $"{DataLayout.SegmentFile(row.Segment, row.Day)} at byte {row.Frame.Offset}";

    public override RecordView Open() =>
        codec.Open(new SegmentBytes(files, row.Segment, row.Day, row.Frame.BodyOffset, row.Frame.BodyLength));
}
