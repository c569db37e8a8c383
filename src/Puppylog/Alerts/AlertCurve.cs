using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.Alerts;

/// <summary>What a rule looks at, as a curve to be drawn: of each step the worst value that one of its evaluations had.</summary>
/// <param name="From">Where the first step begins, in seconds since 1970 UTC; a multiple of a step.</param>
/// <param name="To">The last one.</param>
/// <param name="Step">Seconds of a step; a multiple of the metric's period.</param>
/// <param name="Segments">The worst of them, those that come nearest to firing first; "" for the whole.</param>
/// <param name="Others">Further segments that there are.</param>
sealed record AlertCurve(long From, long To, long Step, IReadOnlyList<(string Segment, IReadOnlyList<(long Second, double Value)> Points)> Segments, int Others)
{
    /// <summary>As many as can be told apart by their colours.</summary>
    public const int MostSegments = 8;

    /// <param name="rule">The rule.</param>
    /// <param name="observations">Of its metric.</param>
    /// <param name="since">The first second; where the observations begin, if there is none.</param>
    /// <param name="until">The last second; the end of the last period, if there is none.</param>
    /// <param name="points">At most so many steps.</param>
    public static AlertCurve Draw(AlertRule rule, IEnumerable<Observation> observations, long? since, long? until, int points)
    {
        var period = rule.Metric.Period;
        var series = new SortedDictionary<string, PeriodSeries>(StringComparer.Ordinal);
        foreach (var observation in observations.Where(one => (one.Segment.Length > 0) == rule.PerSegment))
        {
            if (!series.TryGetValue(observation.Segment, out var known))
            {
                series[observation.Segment] = known = new(rule.Metric);
            }

            known.Set(AlertMachine.Start(observation, period), observation.Value);
        }

        var filled = series.Where(one => one.Value.Count > 0).ToList();
        if (filled.Count == 0)
        {
            return new(since ?? 0, until ?? 0, period, [], 0);
        }

        var began = filled.Min(one => one.Value.Starts[0]);
        var first = Math.Max(since ?? began, began);
        var last = until ?? (filled.Max(one => one.Value.Starts[^1]) + period);
        // One step more, as the first one may begin before the first second.
        var step = period * Math.Max(1, ((last - first) / period / Math.Max(1, points - 1)) + 1);
        first = PeriodSeries.Floor(first, checked((int)step));
        List<(string Segment, IReadOnlyList<(long Second, double Value)> Points)> curves = [.. filled.Select(one => (one.Key, Points(rule, one.Value, first, last, step)))];
        var worst = curves.Where(curve => curve.Points.Count > 0).OrderByDescending(curve => curve.Points.Max(point => Badness(rule, point.Value))).ToList();
        return new(first, last, step, [.. worst.Take(MostSegments)], Math.Max(0, worst.Count - MostSegments));
    }

    static List<(long Second, double Value)> Points(AlertRule rule, PeriodSeries series, long first, long last, long step)
    {
        var points = new List<(long, double)>();
        var window = series.Window(rule.Statistic, rule.Window);
        for (var second = first; second <= last; second += step)
        {
            var end = Math.Min(last, second + step - 1);
            if (Judgeable(rule, series, end) && Worst(rule, series, window, Math.Max(second, series.Starts[0]), end) is { } value && double.IsFinite(value))
            {
                points.Add((second, value));
            }
        }

        return points;
    }

    static double? Worst(AlertRule rule, PeriodSeries series, SlidingWindow window, long first, long last)
    {
        if (!rule.AgainstYesterday)
        {
            var extent = window.Over(first, last, isSettled: true);
            return (rule.Comparison is Comparison.Above ? extent.Most : extent.Least)?.Number;
        }

        return SegmentTrack.Change(series.Compute(rule.Statistic, rule.Window, last), series.Compute(rule.Statistic, rule.Window, last - AlertRule.Day))?.Number;
    }

    /// <summary>A window that has only begun would be low.</summary>
    static bool Judgeable(AlertRule rule, PeriodSeries series, long second) =>
        second - series.Starts[0] >= (rule.Comparison is Comparison.Below ? rule.Window : 0) + (rule.AgainstYesterday ? AlertRule.Day : 0);

    static double Badness(AlertRule rule, double value) => rule.Comparison is Comparison.Above ? value : -value;
}
