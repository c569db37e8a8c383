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

    /// <summary>
    /// Makes metrics what a configuration names: new ones are made, changed ones are made anew, those that it no longer names
    /// stay as they are. Ends when they count what comes; what was there before is to be counted.
    /// </summary>
    /// <param name="wanted">What the configuration names.</param>
    /// <param name="tell">Takes a sentence of each change.</param>
    /// <returns>What <see cref="CompleteAsync"/> takes; null where nothing is to be counted.</returns>
    /// <exception cref="LogStoreException">There is another one of that name, or the catalogue cannot be written.</exception>
    public async Task<MetricFilling?> ConfigureAsync(IReadOnlyList<MetricDefinition> wanted, Action<string> tell, CancellationToken cancellationToken)
    {
        var known = List().ToDictionary(metric => metric.Metric.Id, StringComparer.Ordinal);
        if (wanted.Where(metric => known.TryGetValue(metric.Id, out var other) && !other.Metric.IsConfigured && !other.Metric.CountsAs(metric)).Select(metric => metric.Id).ToList() is { Count: > 0 } others)
        {
            throw new LogStoreException(string.Join('\n', others.Select(id =>
                $"the configuration's metric '{id}' is not the one of that name that 'puppylog metrics create' made ('puppylog metrics meta {id}' shows it); 'puppylog metrics delete {id}' makes room for it, another id in the configuration keeps both")));
        }

        List<MetricDefinition> made = [];
        foreach (var metric in wanted.Select(metric => metric with { IsConfigured = true }))
        {
            if (!known.TryGetValue(metric.Id, out var there))
            {
                tell($"metric '{metric.Id}' is made");
                made.Add(metric);
            }
            else if (!there.Metric.CountsAs(metric))
            {
                tell($"metric '{metric.Id}' counts something else now: what it had is dropped, and the records of the store are counted again");
                StoreMetrics.Delete(directory, metric.Id);
                made.Add(metric);
            }
            else if (!there.Row.IsFilled)
            {
                made.Add(metric);
            }
            else if (there.Metric.ToJson() != metric.ToJson())
            {
                StoreMetrics.Define(directory, metric.Id, metric.ToJson());
            }
        }

        foreach (var (metric, _) in known.Values.Where(other => other.Metric.IsConfigured && wanted.All(metric => metric.Id != other.Metric.Id)))
        {
            StoreMetrics.Define(directory, metric.Id, (metric with { IsConfigured = false }).ToJson());
            tell($"metric '{metric.Id}' is no longer in the configuration: it is kept and goes on counting; 'puppylog metrics delete {metric.Id}' drops it");
        }

        var now = Timestamps.Now(options.Clock);
        return made.Count == 0 ? null : await MetricFilling.BeginAsync(
            directory, options, [.. made.Select(metric => (metric.Id, metric.ToJson(), now))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts what was there before.</summary>
    /// <returns>How many records.</returns>
    /// <exception cref="LogStoreException">One was deleted meanwhile, or the catalogue cannot be written.</exception>
    public static Task<long> CompleteAsync(MetricFilling filling, CancellationToken cancellationToken) => FillAsync(filling, cancellationToken);

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

    /// <summary>
    /// Gives a metric another definition. Where it counts something else then, what it had is dropped, and the records of the
    /// store are counted again: that is not broken off, or the metric would be gone.
    /// </summary>
    /// <exception cref="LogStoreException">There is none of that name any more, or the catalogue cannot be written.</exception>
    public async Task ChangeAsync(MetricDefinition metric)
    {
        var (known, row) = List().FirstOrDefault(one => one.Metric.Id == metric.Id);
        if (known is null)
        {
            throw new LogStoreException($"the metric '{metric.Id}' was deleted meanwhile");
        }

        if (known.CountsAs(metric) && row.IsFilled)
        {
            StoreMetrics.Define(directory, metric.Id, metric.ToJson());
            return;
        }

        StoreMetrics.Delete(directory, metric.Id);
        await CreateAsync([metric], CancellationToken.None).ConfigureAwait(false);
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
        return new(observations, ranking.Together, ranking.Overflown) { FinalUntil = FinalUntil(definition) };
    }

    /// <summary>
    /// The records' own time tells when late ones are no longer waited for; once nothing has come for so long, the clock does.
    /// </summary>
    long FinalUntil(MetricDefinition definition)
    {
        var (now, lateness) = (Timestamps.Now(options.Clock), definition.Lateness * Timestamps.Second);
        var (newest, written) = StoreMetrics.Newest(directory, now);
        return (now - written > lateness ? now : Math.Min(now, newest)) - lateness;
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
