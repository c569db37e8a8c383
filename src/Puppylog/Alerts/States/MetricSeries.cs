using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>A metric's values by segment, kept once for all rules on it; the whole is the segment "". Not thread-safe.</summary>
sealed class MetricSeries(ObservedMetric metric)
{
    readonly Dictionary<string, PeriodSeries> _segments = new(StringComparer.Ordinal);
    long _dropped = long.MinValue;

    public PeriodSeries Of(string segment)
    {
        if (!_segments.TryGetValue(segment, out var series))
        {
            _segments[segment] = series = new(metric);
        }

        return series;
    }

    /// <summary>Forgets periods that begin before a second.</summary>
    /// <param name="isWatched">Says of a segment without values whether a rule still holds it.</param>
    public void DropBefore(long second, Func<string, bool> isWatched)
    {
        if (second <= _dropped)
        {
            return;
        }

        // A step now and then, not one a second.
        _dropped = second + 10;
        foreach (var (name, series) in _segments)
        {
            series.DropBefore(second);
            if (series.Count == 0 && !isWatched(name))
            {
                _segments.Remove(name);
            }
        }
    }
}
