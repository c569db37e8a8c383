namespace Puppylog.Storage.Embedded;

/// <summary>What the catalogue has of some metrics at one moment.</summary>
/// <param name="Revision">Of the metrics.</param>
/// <param name="LastCommit">The last commit that is in it.</param>
/// <param name="Metrics">All metrics that there are.</param>
/// <param name="Chunks">Periods of those that were wanted.</param>
/// <param name="Counts">What commits added, of all metrics, and is not in chunks.</param>
sealed record MetricImage(
    long Revision, long LastCommit, IReadOnlyList<MetricRow> Metrics, IReadOnlyList<MetricChunk> Chunks, IReadOnlyList<byte[]> Counts);
