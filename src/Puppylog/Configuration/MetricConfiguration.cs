using System.Collections.Immutable;

namespace Puppylog.Configuration;

/// <summary>A metric: a statistic over matching records per period, perhaps for each value of some fields.</summary>
sealed record MetricConfiguration
{
    public static ImmutableArray<string> Statistics { get; } =
        ["count", "avg", "min", "max", "sum", "stddev", "variance", "median", "quantile", "distinct"];

    public required string Id { get; init; }

    /// <summary>One of <see cref="Statistics"/>.</summary>
    public required string Statistic { get; init; }

    /// <summary>Of a quantile which one, from 0 to 1.</summary>
    public double? Quantile { get; init; }

    /// <summary>The field that is counted with; null for a count of records.</summary>
    public string? Property { get; init; }

    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often it is shown.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a period stays open for late records.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Fields whose values are counted each by itself.</summary>
    public ImmutableArray<string> Segments { get; init; } = [];

    /// <summary>Segments that are kept; the rest is one more.</summary>
    public int Top { get; init; } = 1000;

    /// <summary>A LogsQL filter; null for all records.</summary>
    public string? Filter { get; init; }
}
