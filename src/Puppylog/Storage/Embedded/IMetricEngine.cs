using Puppylog.Records;

namespace Puppylog.Storage.Embedded;

/// <summary>
/// Counts for metrics what commits add. The store keeps what it says, in the same transaction as the records; it does not
/// read it. Used by one thread at a time.
/// </summary>
interface IMetricEngine
{
    /// <summary>The columns that are read for metrics, about; the same set for the same metrics.</summary>
    IReadOnlySet<string> Fields(IReadOnlyList<MetricRow> metrics);

    /// <summary>What records add to the metrics; empty where nothing.</summary>
    byte[] Count(IReadOnlyList<MetricRow> metrics, IReadOnlyList<RecordView> views);

    /// <summary>Brings counts together with the chunks that are kept. Counts of metrics that are not named are left out.</summary>
    /// <param name="metrics">The metrics that there are.</param>
    /// <param name="counts">In the order of commits.</param>
    /// <param name="kept">The chunk as it is kept, by the metric's number and its own; null where there is none.</param>
    /// <returns>The chunks that have changed, worked out as they are taken.</returns>
    IEnumerable<MetricChunk> Fold(IReadOnlyList<MetricRow> metrics, IEnumerable<byte[]> counts, Func<long, long, byte[]?> kept);
}
