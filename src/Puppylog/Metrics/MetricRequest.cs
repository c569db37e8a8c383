using System.Collections.Immutable;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Times;
using Puppylog.Records;

namespace Puppylog.Metrics;

/// <summary>A metric as somebody asks for it, before it is known to make sense.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Statistic">By name.</param>
/// <param name="Property">The field; null or empty for none.</param>
/// <param name="Period">Seconds.</param>
/// <param name="Refresh">Seconds.</param>
/// <param name="Segments">Fields.</param>
/// <param name="Filter">LogsQL.</param>
sealed record MetricRequest(string Id, string Statistic, string? Property, int Period, int Refresh, ImmutableArray<string> Segments, string Filter)
{
    const int LongestPeriod = 31 * 86_400;
    const int MostSegmentFields = 4;

    /// <summary>What <c>metrics create --default</c> makes.</summary>
    public static IReadOnlyList<MetricRequest> Defaults { get; } =
    [
        new("total_traffic", "count", null, 1, 1, [], "*"),
        new("total_traffic_per_route", "count", null, 10, 10, [FieldNames.Section], "*"),
    ];

    public static bool IsName(string id) => id.Length is > 0 and <= 200 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');

    /// <param name="now">Nanoseconds since 1970, UTC.</param>
    /// <exception cref="MetricException">It is impossible.</exception>
    /// <exception cref="Query.Syntax.LogsqlException">The filter is not understood.</exception>
    public MetricDefinition Check(long now)
    {
        if (!IsName(Id))
        {
            throw new MetricException($"a metric's identifier has letters, digits, '_', '-', '.' and ':', up to 200 of them, not '{Id}'");
        }

        var statistic = MetricStatistic.Find(Statistic) ?? throw new MetricException($"there is no statistic '{Statistic}'; there are {MetricStatistic.Names}");
        var property = string.IsNullOrWhiteSpace(Property) ? null : Name(Property, "the property");
        if (property is null && statistic.Kind != MeasureKind.Count)
        {
            throw new MetricException($"{statistic.Name} needs the field that it is computed from, such as --prop bytes; only count does without");
        }

        if (property is FieldNames.Time or FieldNames.Raw)
        {
            throw new MetricException($"{property} is no property of a metric; name a field such as bytes, duration or status");
        }

        if (Period is < 1 or > LongestPeriod)
        {
            throw new MetricException($"a period has 1 to {LongestPeriod} seconds, not {Period}");
        }

        if (Refresh < 1)
        {
            throw new MetricException($"a refresh rate has 1 second at least, not {Refresh}");
        }

        return new(Id, CheckFilter(now), statistic, property, Period, Refresh, CheckSegments());
    }

    string CheckFilter(long now)
    {
        var query = QueryParser.Parse(
            Filter, now, group => throw new MetricException($"what is in a group can change, and what a metric counts must not; write the selector of '{group}' in its place ('puppylog groups' shows it)"));
        if (!query.Pipes.IsEmpty)
        {
            throw new MetricException($"a metric's filter has no pipes, and this one has '| {query.Pipes[0]}'; the statistic and the segments say what a pipe would");
        }

        var later = QueryParser.Parse(Filter, now + (100 * 86_400 * Timestamps.Second)).Filter;
        if (!Times(query.Filter).SequenceEqual(Times(later)))
        {
            throw new MetricException("a metric's filter must mean the same at any time, and this one counts back from the clock; leave _time out: the period says how time is divided");
        }

        return Filter;
    }

    static IEnumerable<(long Min, long Max)> Times(Filter filter) => filter switch
    {
        TimeFilter time => [(time.Min, time.Max)],
        AndFilter and => and.Filters.SelectMany(Times),
        OrFilter or => or.Filters.SelectMany(Times),
        NotFilter not => Times(not.Inner),
        _ => [],
    };

    ImmutableArray<string> CheckSegments()
    {
        ImmutableArray<string> names = [.. Segments.Where(name => !string.IsNullOrWhiteSpace(name)).Select(name => Name(name, "a segment"))];
        if (names.Length > MostSegmentFields)
        {
            throw new MetricException($"a metric has at most {MostSegmentFields} fields as segments, not {names.Length}");
        }

        if (names.FirstOrDefault(name => name is FieldNames.Time or FieldNames.Message or FieldNames.Raw or FieldNames.StreamId) is { } wrong)
        {
            throw new MetricException($"{wrong} is (nearly) different in every record and no segment; take a field with few values, such as section, status or level");
        }

        return names.Distinct().Count() == names.Length ? names : throw new MetricException("a field is named twice as a segment");
    }

    static string Name(string name, string what)
    {
        name = FieldResolver.Canonical(name.Trim());
        return FieldNames.IsHidden(name) ? throw new MetricException($"{what} cannot be {name}: names that begin so are the store's own") : name;
    }
}
