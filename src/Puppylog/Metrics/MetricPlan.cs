using System.Collections.Immutable;
using System.Runtime.InteropServices;
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

    readonly Dictionary<string, GroupingPlan[]> _together = new(StringComparer.Ordinal);
    readonly Dictionary<long, CountedMetric> _metrics;

    public MetricPlan(IReadOnlyList<MetricRow> metrics)
    {
        Definitions = metrics.ToDictionary(metric => metric.Number, metric => MetricDefinition.Parse(metric.Id, metric.Definition));
        _metrics = metrics.ToDictionary(metric => metric.Number, metric => new CountedMetric(metric.Number, Definitions[metric.Number]));
        // Filters that print alike are alike, however they were written.
        var filters = metrics.GroupBy(metric => Definitions[metric.Number].Filter)
            .Select(group => new ParsedFilter(QueryParser.Parse(group.Key, group.First().Created).Filter, [.. group.Select(metric => _metrics[metric.Number])]))
            .GroupBy(filter => filter.Text)
            .Select(group => new ParsedFilter(group.First().Filter, [.. group.SelectMany(same => same.Metrics)])).ToList();
        var terms = filters.SelectMany(filter => filter.Terms.DistinctBy(term => term.Text)).GroupBy(term => term.Text).Where(group => group.Skip(1).Any());
        var shared = new Dictionary<string, SharedTerm>(StringComparer.Ordinal);
        foreach (var term in terms)
        {
            shared[term.Key] = new(shared.Count, term.First().Filter);
        }

        Fields = Columns(filters.SelectMany(filter => filter.Terms).Select(term => term.Filter));
        Conditions = [.. shared.Values.Select(term => term.Filter)];
        Filters = [.. filters.Select((filter, number) => Plan(number, filter, shared))];
    }

    public IReadOnlyDictionary<long, MetricDefinition> Definitions { get; }

    /// <summary>The columns that are read, under all names that they may have.</summary>
    public IReadOnlySet<string> Fields { get; }

    /// <summary>What several filters have in common.</summary>
    public ImmutableArray<Filter> Conditions { get; }

    public ImmutableArray<FilterPlan> Filters { get; }

    /// <summary>The groupings of filters that match the same rows.</summary>
    public ImmutableArray<GroupingPlan> Together(List<FilterPlan> filters)
    {
        if (filters.Count == 1)
        {
            return filters[0].Groupings;
        }

        var key = string.Create(2 * filters.Count, filters, static (key, filters) =>
        {
            for (var i = 0; i < filters.Count; i++)
            {
                (key[2 * i], key[(2 * i) + 1]) = ((char)filters[i].Number, (char)(filters[i].Number >> 16));
            }
        });
        if (!_together.TryGetValue(key, out var groupings))
        {
            if (_together.Count == MaxTogether)
            {
                _together.Clear();
            }

            _together[key] = groupings = [.. Groupings(filters.SelectMany(filter => filter.Metrics))];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(groupings);
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

    static FilterPlan Plan(int number, ParsedFilter filter, Dictionary<string, SharedTerm> shared)
    {
        var (numbers, own) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<Filter>());
        foreach (var term in filter.Terms)
        {
            if (shared.TryGetValue(term.Text, out var known))
            {
                numbers.Add(known.Number);
            }
            else
            {
                own.Add(term.Filter);
            }
        }

        return new(number, numbers.ToImmutable(), own.ToImmutable(), [.. Groupings(filter.Metrics)]) { Metrics = filter.Metrics };
    }

    static IEnumerable<GroupingPlan> Groupings(IEnumerable<CountedMetric> metrics) =>
        metrics.GroupBy(metric => metric.Grouping, StringComparer.Ordinal).Select(group => new GroupingPlan(
            group.First().Definition.PeriodLength,
            group.First().Definition.Segments,
            group.First().Present,
            [.. group.GroupBy(metric => metric.Measure, StringComparer.Ordinal).Select(same => new MeasurePlan(same.First().Definition.Statistic.Kind, same.First().Definition.Property, Numbers([.. same])))]));

    static long[] Numbers(List<CountedMetric> metrics)
    {
        metrics.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        var numbers = new long[metrics.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = metrics[i].Number;
        }

        return numbers;
    }

    /// <summary>A filter of some metrics, and its conditions.</summary>
    sealed class ParsedFilter(Filter filter, List<CountedMetric> metrics)
    {
        public Filter Filter => filter;

        public string Text { get; } = filter.ToString()!;

        public List<CountedMetric> Metrics => metrics;

        public IReadOnlyList<Term> Terms { get; } = filter switch
        {
            EverythingFilter => [],
            AndFilter and => [.. and.Filters.Select(condition => new Term(condition))],
            _ => [new(filter)],
        };
    }

    sealed class Term(Filter filter)
    {
        public Filter Filter => filter;

        public string Text { get; } = filter.ToString()!;
    }

    /// <summary>A condition that several filters have.</summary>
    sealed record SharedTerm(int Number, Filter Filter);
}

/// <summary>Metrics of one filter: all of its conditions must hold.</summary>
/// <param name="Number">Its own.</param>
/// <param name="Shared">Conditions that others have, too, by their place among <see cref="MetricPlan.Conditions"/>.</param>
/// <param name="Own">Conditions that nobody else has.</param>
/// <param name="Groupings">How the rows are grouped.</param>
sealed record FilterPlan(int Number, ImmutableArray<int> Shared, ImmutableArray<Filter> Own, ImmutableArray<GroupingPlan> Groupings)
{
    /// <summary>The metrics themselves.</summary>
    public List<CountedMetric> Metrics { get; init; } = [];
}

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
