using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Metrics;

/// <summary>The metrics of a data directory, beside whoever writes it.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="options">How it is read.</param>
sealed class MetricStore(string directory, EmbeddedStoreOptions options)
{
    /// <summary>Blocks after whose counting the counts are brought together.</summary>
    const int BlocksTogether = 256;

    /// <summary>By identifier; with whether what was there before has been counted.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public IReadOnlyList<(MetricDefinition Metric, MetricRow Row)> List() =>
        [.. StoreMetrics.List(directory).Select(row => (MetricDefinition.Parse(row.Id, row.Definition), row))];

    /// <summary>Makes metrics, all or none, and counts the records that the store has.</summary>
    /// <returns>How many records were counted.</returns>
    /// <exception cref="LogStoreException">There is one of that name, or the catalogue cannot be written.</exception>
    public async Task<long> CreateAsync(IReadOnlyList<MetricDefinition> metrics, CancellationToken cancellationToken)
    {
        var now = Timestamps.Now(options.Clock);
        using var filling = await MetricFilling.BeginAsync(
            directory, options, [.. metrics.Select(metric => (metric.Id, metric.ToJson(), now))], cancellationToken).ConfigureAwait(false);
        try
        {
            return await FillAsync(filling, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (var metric in metrics)
            {
                StoreMetrics.Delete(directory, metric.Id);
            }

            throw;
        }
    }

    /// <summary>Counts for the metrics for which that was never completed: after a repair, or a process that was killed.</summary>
    /// <returns>How many metrics.</returns>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        using var filling = await MetricFilling.ResumeAsync(directory, options, cancellationToken).ConfigureAwait(false);
        if (filling is null)
        {
            return 0;
        }

        await FillAsync(filling, cancellationToken).ConfigureAwait(false);
        return filling.Metrics.Count;
    }

    /// <summary>False where there is no such metric.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public bool Delete(string id) => StoreMetrics.Delete(directory, id);

    /// <summary>The metric's observations of the periods that begin in a range, in order; null where there is no such metric.</summary>
    /// <param name="id">The metric.</param>
    /// <param name="from">Nanoseconds since 1970, UTC.</param>
    /// <param name="to">The last moment that belongs to the range.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public List<Observation>? Read(string id, long from = long.MinValue, long to = long.MaxValue) => ReadAll(id, from, to)?.Observations;

    /// <summary>The same, with what is to be said of it.</summary>
    /// <param name="id">The metric.</param>
    /// <param name="from">Nanoseconds since 1970, UTC.</param>
    /// <param name="to">The last moment that belongs to the range.</param>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public MetricReading? ReadAll(string id, long from = long.MinValue, long to = long.MaxValue)
    {
        if (StoreMetrics.List(directory).FirstOrDefault(row => row.Id == id) is not { } row)
        {
            return null;
        }

        var definition = MetricDefinition.Parse(id, row.Definition);
        var chunk = (Int128)definition.PeriodLength * definition.ChunkPeriods;
        if (StoreMetrics.Values(directory, id, (long)(from / chunk) - 1, (long)(to / chunk) + 1) is not { } values)
        {
            return null;
        }

        definition = MetricDefinition.Parse(id, values.Metric.Definition);
        var fold = new MetricFold(new Dictionary<long, MetricDefinition> { [values.Metric.Number] = definition }, (_, _) => null);
        foreach (var bytes in values.Chunks.Select(known => known.Bytes).Concat(values.Counts))
        {
            fold.Add(bytes);
        }

        var ranking = new SegmentRanking(definition);
        var observations = ranking.Rank(fold.Entries(values.Metric.Number).Where(entry => entry.Period * definition.PeriodLength >= from && entry.Period * definition.PeriodLength <= to))
            .Select(entry => new Observation(id, entry.Period * definition.PeriodLength, entry.Segment, definition.Statistic.Read(entry.Measure))).ToList();
        return new(observations, ranking.Together, ranking.Overflown);
    }

    static async Task<long> FillAsync(MetricFilling filling, CancellationToken cancellationToken)
    {
        var engine = new MetricEngine();
        List<byte[]> counts = [];
        for (var at = 0; at < filling.Blocks.Count; at += BlocksTogether)
        {
            var blocks = filling.Blocks.Skip(at).Take(BlocksTogether).ToArray();
            var counted = new byte[blocks.Length][];
            await Parallel.ForAsync(0, blocks.Length, cancellationToken, (i, _) =>
            {
                counted[i] = Count(filling.Metrics, blocks[i]);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
            counts = [.. engine.Fold(filling.Metrics, counts.Concat(counted), (_, _) => null).Select(chunk => chunk.Bytes)];
        }

        filling.Complete(counts, engine);
        return filling.Blocks.Sum(block => (long)block.Count);
    }

    static byte[] Count(IReadOnlyList<MetricRow> metrics, RecordBlock block)
    {
        try
        {
            return new MetricEngine().Count(metrics, [block.Open()]);
        }
        catch (CorruptDataException)
        {
            // A query does not find its records either.
            return [];
        }
    }
}
