namespace Puppylog.Alerts.Rules;

/// <summary>When somebody is to be told, and how. Made by <see cref="AlertDraft.Check"/>, so it never contradicts itself.</summary>
sealed record AlertRule
{
    /// <summary>A day: a longer window would answer tomorrow.</summary>
    public const int LongestWindow = 86_400;

    /// <summary>Keeps threshold × periods of a window exact in a decimal.</summary>
    public const decimal LargestThreshold = 1_000_000_000_000m;

    /// <summary>Seconds in a day: how far back the change looks.</summary>
    public const int Day = 86_400;

    public required string Id { get; init; }

    public required ObservedMetric Metric { get; init; }

    public WindowStatistic Statistic { get; init; }

    /// <summary>Seconds; a multiple of the metric's period.</summary>
    public required int Window { get; init; }

    public Comparison Comparison { get; init; }

    /// <summary>None where only missing records fire.</summary>
    public decimal? Threshold { get; init; }

    /// <summary>What a firing value has to pass to recover; at the threshold's other side where nothing was said.</summary>
    public decimal? Recovery { get; init; }

    /// <summary>Seconds for which the value has to be bad before it fires.</summary>
    public int For { get; init; }

    /// <summary>Seconds without any record after which it fires.</summary>
    public int? NoData { get; init; }

    /// <summary>The threshold is percent of change against the same window a day before.</summary>
    public bool AgainstYesterday { get; init; }

    /// <summary>Each segment fires by itself; else the rule looks at the metric's whole.</summary>
    public bool PerSegment { get; init; }

    public Severity Severity { get; init; } = Severity.Warning;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What notices call it: <c>High traffic</c>.</summary>
    public required string Title { get; init; }

    /// <summary>What notices call the value: <c>hits</c>.</summary>
    public required string ValueName { get; init; }

    /// <summary>Lines of the cause that a notice shows.</summary>
    public int Samples { get; init; }

    /// <summary>Notifiers by name; all there are where none is named.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>Seconds back from an evaluation that can bear on it.</summary>
    public long Reach => Math.Max(Window + Metric.Period + (AgainstYesterday ? Day : 0), NoData ?? 0) + Metric.Period;

    public bool IsBad(WindowValue value) => Threshold is { } threshold && (Comparison is Comparison.Above ? value.CompareTo(threshold) > 0 : value.CompareTo(threshold) < 0);

    /// <summary>Whether a value that fires is good again.</summary>
    public bool IsGood(WindowValue value) =>
        (Recovery ?? Threshold) is not { } limit || (Comparison is Comparison.Above ? value.CompareTo(limit) < 0 : value.CompareTo(limit) > 0);
}
