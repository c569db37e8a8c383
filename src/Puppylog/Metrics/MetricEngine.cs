using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Counts the records of commits for all metrics of a store.</summary>
sealed class MetricEngine : IMetricEngine
{
    readonly ByteWriter _writer = new();
    (IReadOnlyList<MetricRow> Metrics, MetricPlan Plan)? _last;

    public IReadOnlySet<string> Fields(IReadOnlyList<MetricRow> metrics) => Plan(metrics).Fields;

    public byte[] Count(IReadOnlyList<MetricRow> metrics, IReadOnlyList<RecordView> views)
    {
        var plan = Plan(metrics);
        _writer.Clear();
        foreach (var view in views)
        {
            var before = _writer.Length;
            try
            {
                using var counter = new BlockCounter(view, _writer);
                counter.Count(plan);
            }
            catch (CorruptDataException)
            {
                // A query does not find its records either.
                _writer.Truncate(before);
            }
        }

        return _writer.Written.ToArray();
    }

    public IEnumerable<MetricChunk> Fold(IReadOnlyList<MetricRow> metrics, IEnumerable<byte[]> counts, Func<long, long, byte[]?> kept)
    {
        var fold = new MetricFold(Plan(metrics).Definitions, kept);
        foreach (var some in counts)
        {
            fold.Add(some);
        }

        return fold.Chunks();
    }

    MetricPlan Plan(IReadOnlyList<MetricRow> metrics)
    {
        if (_last is not { } last || (last.Metrics != metrics && !last.Metrics.SequenceEqual(metrics)))
        {
            _last = last = (metrics, new(metrics));
        }

        return last.Plan;
    }
}
