using Puppylog.Records;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What one transaction records: the moment of truth of one or more commits.</summary>
/// <param name="LastCommit">The number of the last commit in it.</param>
/// <param name="Segments">New segments, and known ones with their new length and state.</param>
/// <param name="Blocks">New blocks.</param>
/// <param name="Positions">Moves, in order.</param>
/// <param name="Keys">New idempotency keys.</param>
/// <param name="Time">When, in nanoseconds since 1970 UTC.</param>
sealed record CatalogChange(
    long LastCommit,
    IReadOnlyList<SegmentRow> Segments,
    IReadOnlyList<BlockRow> Blocks,
    IReadOnlyList<PositionChange> Positions,
    IReadOnlyList<KeyRow> Keys,
    long Time)
{
    /// <summary>What it adds to metrics; null where nobody counts.</summary>
    public CommitTally? Tally { get; init; }
}
