namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Policies and counters that the catalogue keeps, under these names. Times are nanoseconds since 1970 UTC.</summary>
enum UpkeepNumber
{
    /// <summary>Transactions other than commits.</summary>
    Revision,

    /// <summary>Numbers of segments up to this one were used.</summary>
    LastSegment,

    /// <summary>Age in nanoseconds after which segments are dropped; 0: never.</summary>
    RetainAge,

    /// <summary>Bytes above which the oldest segments are dropped; 0: never.</summary>
    RetainBytes,

    DroppedSegments,
    DroppedRecords,
    DroppedBytes,
    DroppedAt,
    CompactedAt,

    /// <summary>Bytes and blocks that went into compaction, and that came out of it.</summary>
    CompactedBytesBefore,
    CompactedBytesAfter,
    CompactedBlocksBefore,
    CompactedBlocksAfter,

    /// <summary>Changes whenever the metrics do.</summary>
    Metrics,

    /// <summary>How often a writer has made sure that what it read counts: <see cref="CatalogWriter.Confirm"/>.</summary>
    Confirmed,
}
