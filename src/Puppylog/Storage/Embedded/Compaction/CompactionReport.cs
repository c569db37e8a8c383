namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>What one run of compaction has come to.</summary>
/// <param name="SegmentsBefore">Segments that were replaced.</param>
/// <param name="SegmentsAfter">Segments that took their place.</param>
/// <param name="BlocksBefore">Blocks in them before.</param>
/// <param name="BlocksAfter">Blocks in them after.</param>
/// <param name="BytesBefore">Bytes before.</param>
/// <param name="BytesAfter">Bytes after; the old files take room for another minute.</param>
readonly record struct CompactionReport(
    long SegmentsBefore, long SegmentsAfter, long BlocksBefore, long BlocksAfter, long BytesBefore, long BytesAfter)
{
    public static CompactionReport operator +(CompactionReport a, CompactionReport b) => new(
        a.SegmentsBefore + b.SegmentsBefore, a.SegmentsAfter + b.SegmentsAfter, a.BlocksBefore + b.BlocksBefore,
        a.BlocksAfter + b.BlocksAfter, a.BytesBefore + b.BytesBefore, a.BytesAfter + b.BytesAfter);
}
