using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded;

/// <summary>The metrics that a store keeps, and what they came to, beside whoever writes records. <see cref="MetricFilling"/> adds some.</summary>
static class StoreMetrics
{
    /// <summary>All metrics by name; none where there is no store, or one of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static IReadOnlyList<MetricRow> List(string directory) => MetricCatalog.Read(Path.GetFullPath(directory));

    /// <summary>A metric's chunks, and the counts that are not in them, as of one moment; null where there is no such metric.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static (MetricRow Metric, List<MetricChunk> Chunks, List<byte[]> Counts)? Values(string directory, string id, long fromChunk, long toChunk) =>
        MetricCatalog.Values(Path.GetFullPath(directory), id, fromChunk, toChunk);

    /// <summary>The newest chunks of metrics, and the counts that are not in them, as of one commit; null where the store is of a program that knew none.</summary>
    /// <param name="first">The first chunk that is wanted of a metric; null where none is.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static MetricImage? Image(string directory, Func<MetricRow, long?> first) => MetricCatalog.Image(Path.GetFullPath(directory), first);

    /// <summary>False where there is no such metric.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static bool Delete(string directory, string id) => MetricCatalog.Delete(Path.GetFullPath(directory), id);

    /// <summary>Says something else of how a metric is shown; what it counts must be the same.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static void Define(string directory, string id, string definition) => MetricCatalog.Define(Path.GetFullPath(directory), id, definition);

    /// <summary>The time of the newest record that is not of the future, and when one was last stored: nanoseconds since 1970, UTC; 0 where there is none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public static (long Record, long Stored) Newest(string directory, long now) => MetricCatalog.Newest(Path.GetFullPath(directory), now);
}
