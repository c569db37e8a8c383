using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded;

/// <summary>What a data directory holds, for <c>doctor</c> and <c>store status</c>.</summary>
/// <param name="Segments">Segment files.</param>
/// <param name="Blocks">Readable blocks.</param>
/// <param name="Records">Records in them.</param>
/// <param name="SegmentBytes">Bytes of the segments, as recorded.</param>
/// <param name="OldestTime">The earliest time of a record, nanoseconds since 1970 UTC; null without records.</param>
/// <param name="NewestTime">The latest time of a record.</param>
/// <param name="DamagedBlocks">Blocks that are recorded but not in their files any more.</param>
/// <param name="LastCommit">The number of the last commit.</param>
/// <param name="QuarantinedFiles">Files in quarantine, notes not counted.</param>
sealed record EmbeddedStoreStatus(
    long Segments,
    long Blocks,
    long Records,
    long SegmentBytes,
    long? OldestTime,
    long? NewestTime,
    long DamagedBlocks,
    long LastCommit,
    int QuarantinedFiles)
{
    /// <summary>Segments that blocks are still appended to.</summary>
    public long OpenSegments { get; init; }

    /// <summary>Blocks that hold less than half of what they could: what compaction has before it.</summary>
    public long SmallBlocks { get; init; }

    public CompactionTotals Compaction { get; init; } = new(null, 0, 0, 0, 0);

    public RetentionPolicy Retention { get; init; } = RetentionPolicy.Everything;

    public DroppedTotals Dropped { get; init; } = new(null, 0, 0, 0);

    /// <summary>Segment files that wait for their deletion; their bytes are not in <see cref="SegmentBytes"/>.</summary>
    public IReadOnlyList<Leaving> Leavings { get; init; } = [];
}
