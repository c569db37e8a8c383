using System.Collections.Immutable;
using Puppylog.Metrics;

namespace Puppylog.Configuration;

/// <summary>A metric that the configuration names.</summary>
sealed record MetricConfiguration
{
    public static ImmutableArray<string> Statistics { get; } =
        ["count", "avg", "min", "max", "sum", "stddev", "variance", "median", "quantile", "distinct"];

    public required string Id { get; init; }

    /// <summary>Null where it has mistakes.</summary>
    public required MetricDefinition? Definition { get; init; }
}
