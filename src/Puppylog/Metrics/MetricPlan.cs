using System.Collections.Immutable;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.Metrics;

/// <summary>Metrics put together by what they share: each filter, and each way to group, is worked out once a block.</summary>
sealed class MetricPlan
{
    public MetricPlan(IReadOnlyList<MetricRow> metrics)
    {
        Definitions = metrics.ToDictionary(metric => metric.Number, metric => MetricDefinition.Parse(metric.Id, metric.Definition));
        Filters =
        [
            .. metrics.GroupBy(metric => Definitions[metric.Number].Filter).Select(group => new FilterPlan(
                QueryParser.Parse(group.Key, group.First().Created).Filter, [.. Groupings(group.Select(metric => metric.Number))])),
        ];
    }

    public IReadOnlyDictionary<long, MetricDefinition> Definitions { get; }

    public ImmutableArray<FilterPlan> Filters { get; }

    IEnumerable<GroupingPlan> Groupings(IEnumerable<long> metrics) =>
        metrics.GroupBy(metric => Grouping(Definitions[metric])).Select(group => new GroupingPlan(
            Definitions[group.First()].PeriodLength,
            Definitions[group.First()].Segments,
            group.Key.Present,
            [
                .. group.GroupBy(metric => (Definitions[metric].Statistic.Kind, Definitions[metric].Property))
                    .Select(same => new MeasurePlan(same.Key.Kind, same.Key.Property, [.. same])),
            ]));

    static (int Period, string Segments, string? Present) Grouping(MetricDefinition definition) =>
        (definition.Period, string.Join('\0', definition.Segments), definition.Statistic.Kind == MeasureKind.Count ? definition.Property : null);
}

/// <param name="Filter">Which records.</param>
/// <param name="Groupings">How they are grouped.</param>
sealed record FilterPlan(Filter Filter, ImmutableArray<GroupingPlan> Groupings);

/// <param name="Period">Nanoseconds.</param>
/// <param name="Segments">Fields.</param>
/// <param name="Present">Only records that have this field; null for all.</param>
/// <param name="Measures">What is gathered.</param>
sealed record GroupingPlan(long Period, ImmutableArray<string> Segments, string? Present, ImmutableArray<MeasurePlan> Measures)
{
    public string SegmentKey { get; } = string.Join('\0', Segments);
}

/// <param name="Kind">What is gathered.</param>
/// <param name="Property">From which field; null for records.</param>
/// <param name="Metrics">For which metrics, by number.</param>
sealed record MeasurePlan(MeasureKind Kind, string? Property, long[] Metrics);
