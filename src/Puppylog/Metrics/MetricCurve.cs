namespace Puppylog.Metrics;

/// <summary>Observations as lines to be drawn: of each step and segment the largest.</summary>
/// <param name="Observations">In order; the time is that of the step.</param>
/// <param name="Step">Nanoseconds of a step; a multiple of the period.</param>
/// <param name="Others">Segments that are left out: those of the smallest sums.</param>
sealed record MetricCurve(IReadOnlyList<Observation> Observations, long Step, int Others)
{
    /// <summary>As many as can be told apart by their colours.</summary>
    public const int MostSegments = 8;

    /// <param name="observations">In order.</param>
    /// <param name="period">Nanoseconds.</param>
    /// <param name="points">At most so many steps.</param>
    public static MetricCurve Draw(IReadOnlyList<Observation> observations, long period, int points)
    {
        if (observations.Count == 0)
        {
            return new([], period, 0);
        }

        // One step more, as the first one may begin before the first period.
        var periods = (observations[^1].Start - observations[0].Start) / period;
        var step = period * ((periods / Math.Max(1, points - 1)) + 1);
        var segments = observations.GroupBy(one => one.Segment, StringComparer.Ordinal).OrderByDescending(group => group.Sum(one => Math.Abs(one.Value ?? 0))).ToList();
        var drawn = segments.Take(MostSegments)
            .SelectMany(segment => segment.GroupBy(one => one.Start - (((one.Start % step) + step) % step)).Select(group => new Observation(group.First().Metric, group.Key, segment.Key, group.Max(one => one.Value))))
            .OrderBy(one => one.Start).ThenBy(one => one.Segment, StringComparer.Ordinal);
        return new([.. drawn], step, Math.Max(0, segments.Count - MostSegments));
    }
}
