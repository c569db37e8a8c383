using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.App.Watch.Boards;

/// <summary>Reads of a store's metrics what a plot shows: the newest periods, which of old logs are long ago. One thread at a time.</summary>
sealed class MetricReading(MetricStore store, TimeProvider clock)
{
    const string NoMetrics = "There are no metrics yet: 'puppylog metrics create --default' makes two.";

    /// <summary>The newest period of each metric that was looked at: nanoseconds since 1970, UTC.</summary>
    readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);

    public MetricBoard Read(string? id, int periods)
    {
        var entries = store.List().Select(known => Entry(known.Metric, known.Row.IsFilled)).ToList();
        if (entries.Count == 0)
        {
            return new([], null, [], NoMetrics);
        }

        var shown = entries.Find(entry => entry.Id == id) ?? entries[0];
        return new(entries, shown, Observations(shown, periods));
    }

    /// <summary>Of periods up to now, or up to the newest one where that is long ago.</summary>
    IReadOnlyList<Observation> Observations(MetricEntry metric, int periods)
    {
        var length = metric.Period * Timestamps.Second;
        var from = Timestamps.Now(clock) - (periods * length);
        var found = store.Read(metric.Id, _newest.TryGetValue(metric.Id, out var newest) ? Math.Min(from, newest - (periods * length)) : from) ?? [];
        if (found.Count == 0 && newest == 0)
        {
            found = store.Read(metric.Id) ?? [];
        }

        if (found.Count > 0)
        {
            _newest[metric.Id] = found[^1].Start;
        }

        return found;
    }

    static MetricEntry Entry(MetricDefinition metric, bool isComplete) => new(
        metric.Id,
        metric.Property is { } property ? $"{metric.Statistic.Name}({property})" : metric.Statistic.Name,
        metric.Period,
        string.Join(',', metric.Segments),
        metric.Filter,
        isComplete,
        metric.Statistic.Kind is MeasureKind.Count or MeasureKind.Distinct || metric.Statistic.Name == "sum");
}
