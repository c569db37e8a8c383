using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Times;
using Puppylog.Query.Syntax;
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
    public const int DefaultPeriod = 60;
    public const int DefaultLateness = 60;
    public const int LongestPeriod = 31 * 86_400;
    public const int LongestLateness = 86_400;
    public const int MostSegments = 10_000;
    const int MostSegmentFields = 4;

    /// <summary>Seconds for which a period is provisional after its end.</summary>
    public int Lateness { get; init; } = DefaultLateness;

    /// <summary>Segments of a period that are shown.</summary>
    public int Top { get; init; } = MetricDefinition.MaxSegments;

    /// <summary>What <c>metrics create --default</c> makes.</summary>
    public static IReadOnlyList<MetricRequest> Defaults { get; } =
    [
        new("total_traffic", "count", null, 1, 1, [], "*"),
        new("total_traffic_per_route", "count", null, 10, 10, [FieldNames.Section], "*"),
    ];

    public static bool IsName(string id) => id.Length is > 0 and <= 200 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');

    /// <param name="now">Nanoseconds since 1970, UTC.</param>
    /// <exception cref="MetricException">It is impossible; all that is wrong.</exception>
    public MetricDefinition Check(long now)
    {
        List<MetricMistake> mistakes = [];
        return TryCheck(now, mistakes) ?? throw new MetricException(mistakes);
    }

    /// <summary>Null where it is impossible.</summary>
    /// <param name="now">Nanoseconds since 1970, UTC.</param>
    /// <param name="mistakes">Gets all that is wrong.</param>
    public MetricDefinition? TryCheck(long now, List<MetricMistake> mistakes)
    {
        var before = mistakes.Count;
        if (!IsName(Id))
        {
            mistakes.Add(new("id", $"a metric's identifier has letters, digits, '_', '-', '.' and ':', up to 200 of them, not '{Id}'"));
        }

        var statistic = MetricStatistic.Find(Statistic);
        if (statistic is null)
        {
            mistakes.Add(new("stat", $"there is no statistic '{Statistic}'{Nearest(Statistic, MetricStatistic.All)}; there are {MetricStatistic.Names}"));
        }

        var property = CheckProperty(statistic, mistakes);
        Within("period", "a period", Period, 1, LongestPeriod, mistakes);
        if (Refresh is < 1 or > LongestPeriod)
        {
            mistakes.Add(new("refresh_rate", string.Create(CultureInfo.InvariantCulture, $"a refresh rate has 1 second at least and {LongestPeriod} at most, not {Refresh}")));
        }

        Within("lateness", "lateness", Lateness, 0, LongestLateness, mistakes);
        if (Top is < 1 or > MostSegments)
        {
            mistakes.Add(new("top", string.Create(CultureInfo.InvariantCulture, $"top takes 1 to {MostSegments} segments, not {Top}")));
        }

        var segments = CheckSegments(mistakes);
        CheckFilter(now, mistakes);
        return mistakes.Count > before ? null : new(Id, Filter, statistic!, property, Period, Refresh, segments) { Lateness = Lateness, Top = Top };
    }

    static void Within(string property, string what, int seconds, int least, int most, List<MetricMistake> mistakes)
    {
        if (seconds < least || seconds > most)
        {
            mistakes.Add(new(property, string.Create(CultureInfo.InvariantCulture, $"{what} has {least} to {most} seconds, not {seconds}")));
        }
    }

    string? CheckProperty(MetricStatistic? statistic, List<MetricMistake> mistakes)
    {
        if (string.IsNullOrWhiteSpace(Property))
        {
            if (statistic is { Kind: not MeasureKind.Count })
            {
                mistakes.Add(new("prop", $"{statistic.Name} needs the field that it is computed from, such as --prop bytes; only count does without"));
            }

            return null;
        }

        var property = Name(Property, "prop", "the property", mistakes);
        if (property is FieldNames.Time or FieldNames.Raw)
        {
            mistakes.Add(new("prop", $"{property} is no property of a metric; name a field such as bytes, duration or status"));
        }

        return property;
    }

    void CheckFilter(long now, List<MetricMistake> mistakes)
    {
        try
        {
            var groups = new List<string>();
            string Selector(string group)
            {
                groups.Add(group);
                return "{}";
            }

            var query = QueryParser.Parse(Filter, now, Selector);
            mistakes.AddRange(groups.Distinct().Select(group => new MetricMistake(
                "filter", $"what is in a group can change, and what a metric counts must not; write the selector of '{group}' in its place ('puppylog groups' shows it)")));
            if (!query.Pipes.IsEmpty)
            {
                mistakes.Add(new("filter", $"a metric's filter has no pipes, and this one has '| {query.Pipes[0]}'; the statistic and the segments say what a pipe would"));
            }

            var later = QueryParser.Parse(Filter, now + (100 * 86_400 * Timestamps.Second), _ => "{}").Filter;
            if (!Times(query.Filter).SequenceEqual(Times(later)))
            {
                mistakes.Add(new("filter", "a metric's filter must mean the same at any time, and this one counts back from the clock; leave _time out: the period says how time is divided"));
            }
        }
        catch (LogsqlException wrong)
        {
            mistakes.Add(new("filter", $"the filter is not understood: {wrong.Describe()}") { Position = wrong.Position });
        }
    }

    static IEnumerable<(long Min, long Max)> Times(Filter filter) => filter switch
    {
        TimeFilter time => [(time.Min, time.Max)],
        AndFilter and => and.Filters.SelectMany(Times),
        OrFilter or => or.Filters.SelectMany(Times),
        NotFilter not => Times(not.Inner),
        _ => [],
    };

    ImmutableArray<string> CheckSegments(List<MetricMistake> mistakes)
    {
        ImmutableArray<string> names = [.. Segments.Where(name => !string.IsNullOrWhiteSpace(name)).Select(name => Name(name, "segment_expression", "a segment", mistakes))];
        if (names.Length > MostSegmentFields)
        {
            mistakes.Add(new("segment_expression", string.Create(CultureInfo.InvariantCulture, $"a metric has at most {MostSegmentFields} fields as segments, not {names.Length}; take those that matter, or make a second metric")));
        }

        foreach (var wrong in names.Where(name => name is FieldNames.Time or FieldNames.Message or FieldNames.Raw or FieldNames.StreamId).Distinct())
        {
            mistakes.Add(new("segment_expression", $"{wrong} is (nearly) different in every record and no segment; take a field with few values, such as section, status or level"));
        }

        if (names.GroupBy(name => name).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            mistakes.Add(new("segment_expression", $"the field {twice.Key} is named twice as a segment; once will do"));
        }

        return names;
    }

    static string Name(string name, string property, string what, List<MetricMistake> mistakes)
    {
        name = FieldResolver.Canonical(name.Trim());
        if (FieldNames.IsHidden(name))
        {
            mistakes.Add(new(property, $"{what} cannot be {name}: names that begin so are the store's own"));
        }

        return name;
    }

    /// <summary>What was probably meant, where that is near.</summary>
    static string Nearest(string word, IEnumerable<string> known) =>
        known.FirstOrDefault(other => word.Length > 2 && (other.StartsWith(word, StringComparison.OrdinalIgnoreCase) || word.StartsWith(other, StringComparison.OrdinalIgnoreCase))) is { } near ? $" (did you mean {near}?)" : "";
}
