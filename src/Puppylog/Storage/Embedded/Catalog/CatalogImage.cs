using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>All that the catalogue says, as of one moment.</summary>
/// <param name="Store">The store's id; null where what is there is none.</param>
/// <param name="LastCommit">The number of the last commit.</param>
/// <param name="InFlight">The most bytes that a crash can leave unrecorded.</param>
/// <param name="Segments">By number.</param>
/// <param name="Blocks">In the order of commits, damaged ones too.</param>
/// <param name="Positions">How far each source was read.</param>
sealed record CatalogImage(
    Guid? Store, long LastCommit, long InFlight, List<SegmentRow> Segments, List<BlockRow> Blocks, List<SourcePosition> Positions)
{
    /// <summary>Files that are to be deleted; no part of the store any more.</summary>
    public List<Leaving> Leavings { get; init; } = [];

    /// <summary>Blocks of segments that it does not name.</summary>
    public long OrphanBlocks { get; init; }

    /// <summary>Numbers of segments up to this one were used.</summary>
    public long LastSegment { get; init; }
}
