using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Metrics;

/// <summary>What a metric would come to on stored records. Nothing is kept.</summary>
/// <param name="store">Where the records are.</param>
sealed class MetricPreview(IEmbeddedStore store)
{
    /// <summary>Blocks after whose counting the counts are brought together.</summary>
    const int BlocksTogether = 256;

    /// <summary>The observations of the periods that begin in a range, in order.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="from">Nanoseconds since 1970, UTC.</param>
    /// <param name="to">The last moment that belongs to the range.</param>
    /// <exception cref="LogStoreException">The store cannot be read.</exception>
    public async Task<MetricReading> RunAsync(MetricDefinition metric, long from, long to, CancellationToken cancellationToken)
    {
        var row = new MetricRow(1, metric.Id, metric.ToJson(), 0, 0, IsFilled: true, long.MinValue);
        var blocks = store.Snapshot().Where(block => block.MaxTime >= from && block.MinTime <= Math.Max(to, to + metric.PeriodLength)).ToList();
        var engine = new MetricEngine();
        List<byte[]> counts = [];
        for (var at = 0; at < blocks.Count; at += BlocksTogether)
        {
            var some = blocks.GetRange(at, Math.Min(BlocksTogether, blocks.Count - at));
            var counted = new byte[some.Count][];
            await Parallel.ForAsync(0, some.Count, cancellationToken, (i, _) =>
            {
                counted[i] = Count(row, some[i]);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
            counts = [.. engine.Fold([row], counts.Concat(counted), (_, _) => null).Select(chunk => chunk.Bytes)];
        }

        var fold = new MetricFold(new Dictionary<long, MetricDefinition> { [row.Number] = metric }, (_, _) => null);
        counts.ForEach(fold.Add);
        var ranking = new SegmentRanking(metric);
        var observations = ranking.Rank(fold.Entries(row.Number).Where(entry => entry.Period * metric.PeriodLength >= from && entry.Period * metric.PeriodLength <= to))
            .Select(entry => new Observation(metric.Id, entry.Period * metric.PeriodLength, entry.Segment, metric.Statistic.Read(entry.Measure))).ToList();
        return new(observations, ranking.Together, ranking.Overflown) { FinalUntil = long.MaxValue };
    }

    static byte[] Count(MetricRow row, RecordBlock block)
    {
        try
        {
            return new MetricEngine().Count([row], [block.Open()]);
        }
        catch (CorruptDataException)
        {
            // A query does not find its records either.
            return [];
        }
    }
}
