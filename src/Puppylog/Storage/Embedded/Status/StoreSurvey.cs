using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Status;

/// <summary>What <c>store status</c> shows of a data directory, as of one moment.</summary>
sealed record StoreSurvey
{
    public required EmbeddedStoreStatus Status { get; init; }

    /// <summary>By number.</summary>
    public required IReadOnlyList<SegmentRow> Segments { get; init; }

    /// <summary>How far each source was read, by path.</summary>
    public required IReadOnlyList<SourcePosition> Positions { get; init; }

    /// <summary>Bytes of catalog.db and its log.</summary>
    public required long CatalogBytes { get; init; }

    /// <summary>Bytes of the files in quarantine.</summary>
    public required long QuarantineBytes { get; init; }

    /// <summary>Bytes of the original lines, newlines included.</summary>
    public required long RawBytes { get; init; }

    /// <summary>True where <see cref="RawBytes"/> is reckoned from a sample of the blocks.</summary>
    public required bool RawIsEstimate { get; init; }

    /// <summary>The largest first; empty where it was not asked for.</summary>
    public required IReadOnlyList<ColumnSize> Columns { get; init; }

    /// <summary>True while some process has the directory open for writing.</summary>
    public required bool HasWriter { get; init; }

    /// <summary>The writer's process; null where there is none or it is not known.</summary>
    public required int? Writer { get; init; }

    /// <summary>What hinders the writer, or keeps it from answering; null when all is well.</summary>
    public required string? Trouble { get; init; }

    /// <summary>UTC days that have segments of their own.</summary>
    public int Days => Segments.Where(segment => segment.Day is not null).Select(segment => segment.Day).Distinct().Count();

    public int Count(SegmentState state) => Segments.Count(segment => segment.State == state);
}
