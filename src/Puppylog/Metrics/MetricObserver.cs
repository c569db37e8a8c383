using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Metrics;

/// <summary>What a metric of a data directory came to in a while, whole and segments, from what is kept of it or from the records.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="options">How it is read.</param>
sealed class MetricObserver(string directory, EmbeddedStoreOptions options)
{
    /// <summary>
    /// The observations of the periods that begin in a range, as <see cref="MetricTracker"/> tells them; null where there is no
    /// such metric.
    /// </summary>
    /// <param name="id">The metric.</param>
    /// <param name="from">Nanoseconds since 1970, UTC.</param>
    /// <param name="to">The last moment that belongs to the range.</param>
    /// <param name="fromRecords">Counts the records again, though the metric would tell.</param>
    /// <exception cref="LogStoreException">The store cannot be read.</exception>
    public async Task<IReadOnlyList<Observation>?> ReadAsync(string id, long from, long to, bool fromRecords, CancellationToken cancellationToken)
    {
        if (StoreMetrics.List(directory).FirstOrDefault(row => row.Id == id) is not { } row)
        {
            return null;
        }

        var metric = MetricDefinition.Parse(id, row.Definition);
        var chunk = (Int128)metric.PeriodLength * metric.ChunkPeriods;
        var tracker = new MetricTracker();
        tracker.Follow(row.Number, metric, from);
        var isKept = row.IsFilled && (row.Floor == long.MinValue || from >= row.Floor * chunk);
        if (fromRecords || !isKept)
        {
            await CountAsync(tracker, row, from, to, cancellationToken).ConfigureAwait(false);
        }
        else if (StoreMetrics.Values(directory, id, (long)(from / chunk) - 1, (long)(to / chunk) + 1) is { } values && values.Metric.Number == row.Number)
        {
            foreach (var bytes in values.Chunks.Select(known => known.Bytes).Concat(values.Counts))
            {
                tracker.Add(bytes);
            }
        }

        return [.. tracker.TakeChanged().Where(observation => observation.Start >= from && observation.Start <= to)];
    }

    async Task CountAsync(MetricTracker tracker, MetricRow row, long from, long to, CancellationToken cancellationToken)
    {
        var store = await EmbeddedStore.OpenReaderAsync(directory, options, cancellationToken).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            var engine = new MetricEngine();
            foreach (var block in ((IEmbeddedStore)store).Snapshot().Where(block => block.MaxTime >= from && block.MinTime <= to))
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    tracker.Add(engine.Count([row], [block.Open()]));
                }
                catch (CorruptDataException)
                {
                    // A query does not find its records either.
                }
            }
        }
    }
}
