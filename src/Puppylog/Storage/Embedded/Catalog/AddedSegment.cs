using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>A segment that compaction has made.</summary>
/// <param name="Segment">The segment, sealed.</param>
/// <param name="Written">When the last block of those that it replaces came, nanoseconds since 1970 UTC.</param>
/// <param name="Frames">Its frames, and what each consists of.</param>
sealed record AddedSegment(SegmentRow Segment, long Written, IReadOnlyList<(FrameEntry Frame, CompactedMetadata Metadata)> Frames);
