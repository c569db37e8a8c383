using System.Globalization;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded;

/// <summary>Where things lie in a data directory (design §4).</summary>
static class DataLayout
{
    public static string CatalogFile(string directory) => Path.Combine(directory, "catalog.db");

    /// <summary>Hashes of the API keys.</summary>
    public static string KeysFile(string directory) => Path.Combine(directory, "keys.jsonl");

    public static string GroupsFile(string directory) => Path.Combine(directory, "groups.jsonl");

    public static string MetricsFile(string directory) => Path.Combine(directory, "metrics.jsonl");

    public static string MetricsLock(string directory) => Path.Combine(directory, "metrics.lock");

    public static string AlertsFile(string directory) => Path.Combine(directory, "alerts.jsonl");

    /// <summary>Notices that somebody has to be told yet.</summary>
    public static string OutboxFile(string directory) => Path.Combine(directory, "outbox.jsonl");

    public static string LockFile(string directory) => Path.Combine(directory, "lock");

    public static string SocketFile(string directory) => Path.Combine(directory, SocketName);

    public const string SocketName = "puppylog.sock";

    public static string Days(string directory) => Path.Combine(directory, "days");

    /// <summary>What collecting processes tell of their sources while they live; no part of the store.</summary>
    public static string Collectors(string directory) => Path.Combine(directory, "collectors");

    public static string Quarantine(string directory) => Path.Combine(directory, "quarantine");

    /// <summary>A segment's path from the data directory: <c>days/2026-11-21/00000042.seg</c>.</summary>
    /// <param name="id">The segment's number.</param>
    /// <param name="day">Days since 1970; null for records of many days.</param>
    public static string SegmentFile(long id, int? day) =>
        string.Create(CultureInfo.InvariantCulture, $"days/{(day is { } known ? DayName(known) : "mixed")}/{id:D8}.seg");

    /// <summary>A segment that compaction is still writing.</summary>
    public static string UnfinishedFile(long id, int? day) => Path.ChangeExtension(SegmentFile(id, day), UnfinishedExtension);

    public const string UnfinishedExtension = ".tmp";

    public static bool IsUnfinished(string path) =>
        path.EndsWith(UnfinishedExtension, StringComparison.Ordinal) && SegmentId(Path.ChangeExtension(path, ".seg")) is not null;

    /// <summary>The number in a segment file's name; null where the file is none.</summary>
    public static long? SegmentId(string path) =>
        path.EndsWith(".seg", StringComparison.Ordinal)
        && long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>The day that a segment's folder is named after; null for <c>mixed</c>, or where it is no day.</summary>
    public static int? SegmentDay(string path) =>
        DateOnly.TryParseExact(
            Path.GetFileName(Path.GetDirectoryName(path)), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? (int)Timestamps.DaysFromCivil(day.Year, day.Month, day.Day)
            : null;

    static string DayName(int day)
    {
        var (year, month, ofMonth) = Timestamps.CivilFromDays(day);
        return string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{ofMonth:D2}");
    }
}
