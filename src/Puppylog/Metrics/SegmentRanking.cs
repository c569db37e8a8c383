namespace Puppylog.Metrics;

/// <summary>Shows of each period the segments with the most records, and the rest as one.</summary>
/// <param name="definition">The metric.</param>
sealed class SegmentRanking(MetricDefinition definition)
{
    /// <summary>Periods in which segments are shown together.</summary>
    public int Together { get; private set; }

    /// <summary>Periods with more segments than were counted each by itself.</summary>
    public int Overflown { get; private set; }

    /// <param name="entries">In the order of periods; those of a period by segment, what was counted together (null) last.</param>
    public IEnumerable<(long Period, string Segment, Measure Measure)> Rank(IEnumerable<(long Period, string? Segment, Measure Measure)> entries)
    {
        List<(string Segment, Measure Measure)> segments = [];
        var (period, rest) = (0L, (Measure?)null);
        foreach (var entry in entries)
        {
            if (entry.Period != period)
            {
                foreach (var ranked in Rank(segments, rest))
                {
                    yield return (period, ranked.Segment, ranked.Measure);
                }

                segments.Clear();
                (period, rest) = (entry.Period, null);
            }

            if (entry.Segment is { } segment)
            {
                segments.Add((segment, entry.Measure));
            }
            else
            {
                rest = entry.Measure;
            }
        }

        foreach (var ranked in Rank(segments, rest))
        {
            yield return (period, ranked.Segment, ranked.Measure);
        }
    }

    IEnumerable<(string Segment, Measure Measure)> Rank(List<(string Segment, Measure Measure)> segments, Measure? rest)
    {
        if (rest is null && segments.Count <= definition.Top)
        {
            return segments;
        }

        Together++;
        Overflown += rest is null ? 0 : 1;
        // One that is called as the rest is shown as part of it: nobody could tell them apart.
        var shown = segments.Where(entry => entry.Segment != MetricDefinition.Other)
            .OrderByDescending(entry => entry.Measure.Rows).ThenBy(entry => entry.Segment, StringComparer.Ordinal)
            .Take(definition.Top).Select(entry => entry.Segment).ToHashSet(StringComparer.Ordinal);
        rest ??= new();
        foreach (var (segment, measure) in segments)
        {
            if (!shown.Contains(segment))
            {
                rest.Merge(definition.Statistic.Kind, measure);
            }
        }

        return segments.Where(entry => shown.Contains(entry.Segment)).Append((MetricDefinition.Other, rest));
    }
}
