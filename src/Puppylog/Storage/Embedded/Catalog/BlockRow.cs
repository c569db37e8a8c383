using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <param name="Segment">The segment that holds it.</param>
/// <param name="Day">The segment's day; null for many days.</param>
/// <param name="Frame">Where it lies.</param>
readonly record struct BlockRow(long Segment, int? Day, FrameEntry Frame)
{
    /// <summary>Compaction has joined it out of others, and the catalogue knows which.</summary>
    public bool IsJoined { get; init; }
}
