using Puppylog.Records;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What a repair changes in a catalogue, or puts into a new one.</summary>
/// <param name="Store">The store's id; null leaves it.</param>
/// <param name="LastCommit">The last commit is at least this one.</param>
/// <param name="InFlight">Bytes of files that may be unrecorded for a while: start-up must not take them for lost commits.</param>
/// <param name="Removed">Segments that go, with all of their blocks.</param>
/// <param name="Segments">Segments that come.</param>
/// <param name="Blocks">Blocks that come.</param>
/// <param name="Joined">Of those, blocks that compaction has made, and what they consist of.</param>
/// <param name="Positions">Positions to set.</param>
/// <param name="Keys">Idempotency keys to remember.</param>
/// <param name="Time">When, in nanoseconds since 1970 UTC.</param>
sealed record CatalogRevision(
    Guid? Store,
    long LastCommit,
    long InFlight,
    IReadOnlyCollection<long> Removed,
    IReadOnlyCollection<SegmentRow> Segments,
    IReadOnlyCollection<BlockRow> Blocks,
    IReadOnlyCollection<(FrameEntry Frame, CompactedMetadata Metadata)> Joined,
    IReadOnlyCollection<SourcePosition> Positions,
    IReadOnlyCollection<KeyRow> Keys,
    long Time);
