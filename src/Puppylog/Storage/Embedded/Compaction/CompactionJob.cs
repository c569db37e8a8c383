using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Neighbouring segments of one day that are written anew as one.</summary>
sealed record CompactionJob(int? Day, IReadOnlyList<SegmentSummary> Segments)
{
    public long Bytes => Segments.Sum(segment => segment.Segment.Length);

    public int Blocks => Segments.Sum(segment => segment.Blocks);
}
