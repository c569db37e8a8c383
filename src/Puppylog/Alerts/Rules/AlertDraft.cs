using System.Globalization;

namespace Puppylog.Alerts.Rules;

/// <summary>A rule as somebody wrote it.</summary>
sealed record AlertDraft
{
    const int LongestId = 100;
    const int LongestTitle = 200;

    /// <summary>What <c>metrics create --default</c> makes.</summary>
    public static AlertDraft TotalTraffic { get; } = new()
    {
        Id = "totaltraffic",
        Metric = "total_traffic",
        Window = 120,
        Above = 10,
        Title = "High traffic",
        ValueName = "hits",
        Samples = 0,
    };

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

    /// <summary>Lines of the cause that a notice shows.</summary>
    public int Samples { get; init; } = 3;

    /// <summary>Notifiers by name; all there are where none is named.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>Makes the rule, or names all that is wrong with it and what would work.</summary>
    /// <param name="metrics">The metrics there are.</param>
    /// <param name="mistakes">Empty where there is a rule.</param>
    public AlertRule? Check(IReadOnlyCollection<ObservedMetric> metrics, out IReadOnlyList<AlertMistake> mistakes)
    {
        var metric = metrics.FirstOrDefault(known => known.Id == Metric);
        mistakes = [.. metric is null ? [new AlertMistake("metric", NoMetric(metrics))] : Array.Empty<AlertMistake>(), .. Check(metric)];
        return mistakes.Count > 0 || metric is null ? null : Rule(metric);
    }

    /// <summary>All that is wrong, as far as it can be seen.</summary>
    /// <param name="metric">The metric; null where it is not known.</param>
    public IEnumerable<AlertMistake> Check(ObservedMetric? metric) => [.. IdMistakes(), .. MetricMistakes(metric), .. LimitMistakes(), .. DurationMistakes(metric), .. NoticeMistakes()];

    string NoMetric(IReadOnlyCollection<ObservedMetric> metrics) => metrics.Count == 0
        ? "there are no metrics yet; 'puppylog metrics create --default' makes total_traffic"
        : $"there is no metric {Metric}; there are {string.Join(", ", metrics.Select(known => known.Id).Order(StringComparer.Ordinal))}";

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
        Samples = Samples,
        Notify = Notify,
    };

    IEnumerable<AlertMistake> IdMistakes()
    {
        if (string.IsNullOrEmpty(Id) || Id.Length > LongestId || Id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
        {
            yield return new("id", $"an alert's id is 1 to {LongestId} letters, digits, '_', '-' and '.', for instance high_traffic");
        }
    }

    IEnumerable<AlertMistake> MetricMistakes(ObservedMetric? metric)
    {
        if (PerSegment && metric is { IsSegmented: false })
        {
            yield return new("per-segment", $"metric {metric.Id} has no segments; watch it as a whole, or take a metric that has some");
        }
    }

    IEnumerable<AlertMistake> LimitMistakes()
    {
        if (Above is not null && Below is not null)
        {
            yield return new("below", "an alert has one threshold, above or below; make two alerts of it");
        }

        if (Above is null && Below is null && NoData is null)
        {
            yield return new("above", "say when it fires: above NUMBER, below NUMBER, or no-data SECONDS");
        }

        foreach (var (name, limit) in new[] { ("above", Above), ("below", Below), ("recover-above", RecoverAbove), ("recover-below", RecoverBelow) })
        {
            if (limit is < -AlertRule.LargestThreshold or > AlertRule.LargestThreshold)
            {
                yield return new(name, $"a threshold is at most {Text(AlertRule.LargestThreshold)} either way, and not {Text(limit.Value)}");
            }
        }

        if ((RecoverBelow is not null && Above is null) || (RecoverAbove is not null && Below is null))
        {
            yield return new(RecoverBelow is null ? "recover-above" : "recover-below", "above goes with recover-below, and below with recover-above");
        }
        else if (RecoverBelow > Above)
        {
            yield return new("recover-below", $"recover-below {Text(RecoverBelow!.Value)} is over the threshold; take {Text(Above!.Value)} or less");
        }
        else if (RecoverAbove < Below)
        {
            yield return new("recover-above", $"recover-above {Text(RecoverAbove!.Value)} is under the threshold; take {Text(Below!.Value)} or more");
        }

        if (AgainstYesterday && Above is null && Below is null)
        {
            yield return new("against-yesterday", "a change against yesterday needs above PERCENT or below PERCENT");
        }
    }

    IEnumerable<AlertMistake> DurationMistakes(ObservedMetric? metric)
    {
        if (Window is < 1 or > AlertRule.LongestWindow)
        {
            yield return new("window", $"a window is 1 to {AlertRule.LongestWindow} seconds, and not {Window}");
        }
        else if (metric is not null && Window is { } window && window % metric.Period > 0)
        {
            var under = window / metric.Period * metric.Period;
            var fits = under == 0 ? $"{metric.Period}" : $"{under} or {under + metric.Period}";
            yield return new("window", $"the window of {Window} s is no multiple of the period of {metric.Id}, {metric.Period} s; take {fits}");
        }

        if (For is < 0 or > AlertRule.LongestWindow)
        {
            yield return new("for", $"for is 0 to {AlertRule.LongestWindow} seconds, and not {For}");
        }

        if (NoData is < 1 or > AlertRule.LongestWindow)
        {
            yield return new("no-data", $"no-data is 1 to {AlertRule.LongestWindow} seconds, and not {NoData}");
        }
        else if (metric is not null && NoData < metric.Period)
        {
            yield return new("no-data", $"no-data of {NoData} s is shorter than the period of {metric.Id}; take {metric.Period} or more");
        }
    }

    IEnumerable<AlertMistake> NoticeMistakes()
    {
        foreach (var name in Labels.Keys.Where(name => name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')))
        {
            yield return new("label", $"a label's name is letters, digits and '_', not '{name}'");
        }

        foreach (var (name, text) in new[] { ("title", Title), ("value-name", ValueName) })
        {
            if (text is { Length: 0 or > LongestTitle } || text?.Any(char.IsControl) == true)
            {
                yield return new(name, $"{name} is a text of 1 to {LongestTitle} characters in one line");
            }
        }

        if (Samples is < 0 or > Notices.NoticeComposer.MaxSamples)
        {
            yield return new("samples", $"samples is 0 to {Notices.NoticeComposer.MaxSamples} lines, and not {Samples}");
        }
    }

    static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
