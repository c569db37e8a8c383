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
    int QuarantinedFiles);
