using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Files;

/// <summary>Tells a full disk from other failures.</summary>
static class DiskErrors
{
    public const int NoSpace = 28;
    public const int QuotaExceeded = 122;
    const int MacQuotaExceeded = 69;
    const int SqliteFull = 13;

    // SQLITE_IOERR_SHMSIZE: the shared-memory file beside the catalogue could not grow.
    const int SqliteSharedMemorySize = 10 | (19 << 8);

    public static bool IsDiskFull(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull || sqlite.SqliteExtendedErrorCode == SqliteSharedMemorySize,
        IOException { HResult: NoSpace or QuotaExceeded } => true,
        IOException { HResult: MacQuotaExceeded } => OperatingSystem.IsMacOS(),
        SegmentSyncException { InnerException: { } inner } => IsDiskFull(inner),
        _ => false,
    };
}
