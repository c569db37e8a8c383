using System.Globalization;

namespace Puppylog.Alerts.Rules;

/// <summary>A rule as somebody wrote it.</summary>
sealed record AlertDraft
{
    const int LongestId = 100;

    public string? Id { get; init; }

    public string? Metric { get; init; }

    public WindowStatistic Statistic { get; init; }

    /// <summary>Seconds; one period of the metric where nothing was said.</summary>
    public int? Window { get; init; }

    public decimal? Above { get; init; }

    public decimal? Below { get; init; }

    public decimal? RecoverBelow { get; init; }

    public decimal? RecoverAbove { get; init; }

    public int For { get; init; }

    public int? NoData { get; init; }

    public bool AgainstYesterday { get; init; }

    public bool PerSegment { get; init; }

    public Severity Severity { get; init; } = Severity.Warning;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? Title { get; init; }

    public string? ValueName { get; init; }

    /// <summary>Makes the rule, or names all that is wrong with it and what would work.</summary>
    /// <param name="metrics">The metrics there are.</param>
    /// <param name="mistakes">A sentence each; empty where there is a rule.</param>
    public AlertRule? Check(IReadOnlyCollection<ObservedMetric> metrics, out IReadOnlyList<string> mistakes)
    {
        var metric = metrics.FirstOrDefault(known => known.Id == Metric);
        mistakes = [.. IdMistakes(), .. MetricMistakes(metric, metrics), .. LimitMistakes(), .. DurationMistakes(metric), .. LabelMistakes()];
        return mistakes.Count > 0 || metric is null ? null : Rule(metric);
    }

    AlertRule Rule(ObservedMetric metric) => new()
    {
        Id = Id!,
        Metric = metric,
        Statistic = Statistic,
        Window = Window ?? metric.Period,
        Comparison = Below is null ? Comparison.Above : Comparison.Below,
        Threshold = Above ?? Below,
        Recovery = RecoverBelow ?? RecoverAbove,
        For = For,
        NoData = NoData,
        AgainstYesterday = AgainstYesterday,
        PerSegment = PerSegment,
        Severity = Severity,
        Labels = Labels,
        Title = Title ?? Id!,
        ValueName = ValueName ?? metric.Id,
    };

    IEnumerable<string> IdMistakes()
    {
        if (string.IsNullOrEmpty(Id) || Id.Length > LongestId || Id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
        {
            yield return $"an alert's id is 1 to {LongestId} letters, digits, '_', '-' and '.', for instance high_traffic";
        }
    }

    IEnumerable<string> MetricMistakes(ObservedMetric? metric, IReadOnlyCollection<ObservedMetric> metrics)
    {
        if (metric is null)
        {
            yield return metrics.Count == 0
                ? "there are no metrics yet; 'puppylog metrics create --default' makes total_traffic"
                : $"there is no metric {Metric}; there are {string.Join(", ", metrics.Select(known => known.Id).Order(StringComparer.Ordinal))}";
        }
        else if (PerSegment && !metric.IsSegmented)
        {
            yield return $"metric {metric.Id} has no segments; watch it as a whole, or take a metric that has some";
        }
        else if (!PerSegment && metric.IsSegmented)
        {
            yield return $"metric {metric.Id} tells segments apart and has no whole; watch it per segment, or take a metric without segments";
        }
    }

    IEnumerable<string> LimitMistakes()
    {
        if (Above is not null && Below is not null)
        {
            yield return "an alert has one threshold, above or below; make two alerts of it";
        }

        if (Above is null && Below is null && NoData is null)
        {
            yield return "say when it fires: above NUMBER, below NUMBER, or no-data SECONDS";
        }

        foreach (var limit in new[] { Above, Below, RecoverAbove, RecoverBelow })
        {
            if (limit is < -AlertRule.LargestThreshold or > AlertRule.LargestThreshold)
            {
                yield return $"a threshold is at most {Text(AlertRule.LargestThreshold)} either way, and not {Text(limit.Value)}";
            }
        }

        if ((RecoverBelow is not null && Above is null) || (RecoverAbove is not null && Below is null))
        {
            yield return "above goes with recover-below, and below with recover-above";
        }
        else if (RecoverBelow > Above)
        {
            yield return $"recover-below {Text(RecoverBelow!.Value)} is over the threshold; take {Text(Above!.Value)} or less";
        }
        else if (RecoverAbove < Below)
        {
            yield return $"recover-above {Text(RecoverAbove!.Value)} is under the threshold; take {Text(Below!.Value)} or more";
        }

        if (AgainstYesterday && Above is null && Below is null)
        {
            yield return "a change against yesterday needs above PERCENT or below PERCENT";
        }
    }

    IEnumerable<string> DurationMistakes(ObservedMetric? metric)
    {
        if (Window is < 1 or > AlertRule.LongestWindow)
        {
            yield return $"a window is 1 to {AlertRule.LongestWindow} seconds, and not {Window}";
        }
        else if (metric is not null && Window is { } window && window % metric.Period > 0)
        {
            var under = window / metric.Period * metric.Period;
            var fits = under == 0 ? $"{metric.Period}" : $"{under} or {under + metric.Period}";
            yield return $"the window of {Window} s is no multiple of the period of {metric.Id}, {metric.Period} s; take {fits}";
        }

        if (For is < 0 or > AlertRule.LongestWindow)
        {
            yield return $"for is 0 to {AlertRule.LongestWindow} seconds, and not {For}";
        }

        if (NoData is < 1 or > AlertRule.LongestWindow)
        {
            yield return $"no-data is 1 to {AlertRule.LongestWindow} seconds, and not {NoData}";
        }
        else if (metric is not null && NoData < metric.Period)
        {
            yield return $"no-data of {NoData} s is shorter than the period of {metric.Id}; take {metric.Period} or more";
        }
    }

    IEnumerable<string> LabelMistakes() =>
        from label in Labels
        where label.Key.Length == 0 || char.IsAsciiDigit(label.Key[0]) || label.Key.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')
        select $"a label's name is letters, digits and '_', not '{label.Key}'";

    static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
