using System.Collections.Immutable;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.Metrics;

/// <summary>
/// Metrics put together by what they share: each condition that several filters have, each filter, and each way to group, is
/// worked out once a block.
/// </summary>
sealed class MetricPlan
{
    /// <summary>Sets of filters whose groupings are kept together for the next block.</summary>
    const int MaxTogether = 10_000;

    readonly Dictionary<string, ImmutableArray<GroupingPlan>> _together = new(StringComparer.Ordinal);

    public MetricPlan(IReadOnlyList<MetricRow> metrics)
    {
        Definitions = metrics.ToDictionary(metric => metric.Number, metric => MetricDefinition.Parse(metric.Id, metric.Definition));
        // Filters that print alike are alike, however they were written.
        var filters = metrics.GroupBy(metric => Definitions[metric.Number].Filter)
            .Select(group => (Filter: QueryParser.Parse(group.Key, group.First().Created).Filter, Metrics: group.Select(metric => metric.Number)))
            .GroupBy(group => group.Filter.ToString())
            .Select(group => (Terms: Terms(group.First().Filter), Metrics: group.SelectMany(same => same.Metrics).ToList())).ToList();
        var shared = filters.SelectMany(filter => filter.Terms.DistinctBy(term => term.ToString())).GroupBy(term => term.ToString()).Where(group => group.Skip(1).Any())
            .Select((group, number) => (group.Key, Number: number, Filter: group.First())).ToDictionary(term => term.Key, term => (term.Number, term.Filter));
        Fields = Columns(filters.SelectMany(filter => filter.Terms));
        Conditions = [.. shared.Values.OrderBy(term => term.Number).Select(term => term.Filter)];
        Filters =
        [
            .. filters.Select((filter, number) => new FilterPlan(
                number,
                [.. filter.Terms.Where(term => shared.ContainsKey(term.ToString())).Select(term => shared[term.ToString()].Number)],
                [.. filter.Terms.Where(term => !shared.ContainsKey(term.ToString()))],
                [.. Groupings(filter.Metrics)])),
        ];
    }

    public IReadOnlyDictionary<long, MetricDefinition> Definitions { get; }

    /// <summary>The columns that are read, under all names that they may have.</summary>
    public IReadOnlySet<string> Fields { get; }

    /// <summary>What several filters have in common.</summary>
    public ImmutableArray<Filter> Conditions { get; }

    public ImmutableArray<FilterPlan> Filters { get; }

    /// <summary>The groupings of filters that match the same rows.</summary>
    public ImmutableArray<GroupingPlan> Together(IReadOnlyList<FilterPlan> filters)
    {
        if (filters.Count == 1)
        {
            return filters[0].Groupings;
        }

        var key = string.Join(',', filters.Select(filter => filter.Number));
        if (!_together.TryGetValue(key, out var groupings))
        {
            if (_together.Count == MaxTogether)
            {
                _together.Clear();
            }

            _together[key] = groupings = [.. Groupings(filters.SelectMany(filter => filter.Groupings).SelectMany(grouping => grouping.Measures).SelectMany(measure => measure.Metrics))];
        }

        return groupings;
    }

    HashSet<string> Columns(IEnumerable<Filter> terms)
    {
        var named = new HashSet<string>(Definitions.Values.SelectMany(definition => definition.Segments.Append(definition.Property)).OfType<string>(), StringComparer.Ordinal);
        foreach (var term in terms)
        {
            term.AddFields(named);
        }

        foreach (var name in named.ToList())
        {
            named.UnionWith(PropertyNames.Synonym(name) is { } other ? [other] : []);
        }

        return named;
    }

    static ImmutableArray<Filter> Terms(Filter filter) => filter switch
    {
        EverythingFilter => [],
        AndFilter and => and.Filters,
        _ => [filter],
    };

    IEnumerable<GroupingPlan> Groupings(IEnumerable<long> metrics) =>
        metrics.GroupBy(metric => Grouping(Definitions[metric])).Select(group => new GroupingPlan(
            Definitions[group.First()].PeriodLength,
            Definitions[group.First()].Segments,
            group.Key.Present,
            [
                .. group.GroupBy(metric => (Definitions[metric].Statistic.Kind, Definitions[metric].Property))
                    .Select(same => new MeasurePlan(same.Key.Kind, same.Key.Property, [.. same.Order()])),
            ]));

    static (int Period, string Segments, string? Present) Grouping(MetricDefinition definition) =>
        (definition.Period, string.Join('\0', definition.Segments), definition.Statistic.Kind == MeasureKind.Count ? definition.Property : null);
}

/// <summary>Metrics of one filter: all of its conditions must hold.</summary>
/// <param name="Number">Its own.</param>
/// <param name="Shared">Conditions that others have, too, by their place among <see cref="MetricPlan.Conditions"/>.</param>
/// <param name="Own">Conditions that nobody else has.</param>
/// <param name="Groupings">How the rows are grouped.</param>
sealed record FilterPlan(int Number, ImmutableArray<int> Shared, ImmutableArray<Filter> Own, ImmutableArray<GroupingPlan> Groupings);

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
