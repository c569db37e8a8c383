namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>A segment and what its blocks come to: what compaction and retention decide by.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Written">When its last block came, nanoseconds since 1970 UTC; 0 where unknown.</param>
/// <param name="Blocks">Blocks in it.</param>
/// <param name="SmallBlocks">Those of them that are worth being joined.</param>
/// <param name="Records">Records in them.</param>
/// <param name="MinTime">The earliest time of a record; <see cref="long.MaxValue"/> without blocks.</param>
/// <param name="MaxTime">The latest time; <see cref="long.MinValue"/> without blocks.</param>
/// <param name="FirstCommit">The first commit with a block in it.</param>
/// <param name="IsDamaged">Some block of it is known to be missing.</param>
readonly record struct SegmentSummary(
    SegmentRow Segment, long Written, int Blocks, int SmallBlocks, long Records, long MinTime, long MaxTime, long FirstCommit, bool IsDamaged);
