using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>A segment file held against what the catalogue says of it.</summary>
sealed class ExaminedSegment
{
    public required long Id { get; init; }

    /// <summary>Days since 1970; null for many days.</summary>
    public required int? Day { get; init; }

    /// <summary>From the data directory.</summary>
    public required string Path { get; init; }

    /// <summary>Null where the catalogue does not know it, or there is no catalogue.</summary>
    public SegmentRow? Row { get; init; }

    /// <summary>Null where the file is not there, or cannot be read.</summary>
    public SegmentContents? Contents { get; init; }

    public List<ExaminedBlock> Blocks { get; } = [];

    public List<Damage> Damage { get; } = [];
}
