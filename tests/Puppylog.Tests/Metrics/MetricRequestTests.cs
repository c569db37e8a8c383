using Puppylog.Metrics;
using Puppylog.Query.Syntax;

namespace Puppylog.Tests.Metrics;

public sealed class MetricRequestTests
{
    static readonly MetricRequest Good = new("traffic", "sum", "bytes", 10, 5, ["section"], "status:>=500");

    [Fact]
    public void Definition_comes_back_from_the_catalogue_as_it_was()
    {
        var metric = Good.Check(0);
        var again = MetricDefinition.Parse("traffic", metric.ToJson());
        Assert.Equal(metric with { Segments = [] }, again with { Segments = [] });
        Assert.Equal(metric.Segments, again.Segments);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("AVG")]
    [InlineData("p99.9")]
    [InlineData("quantile(0.95)")]
    [InlineData("median")]
    [InlineData("distinct")]
    public void Statistic_is_known_by_its_name_again(string name)
    {
        var statistic = (Good with { Statistic = name }).Check(0).Statistic;
        Assert.Equal(statistic, MetricStatistic.Find(statistic.Name));
    }

    /// <summary>What is refused, and what is said of it.</summary>
    public static TheoryData<string, string> Impossible => new()
    {
        { "id a b", "letters, digits" },
        { "id ", "letters, digits" },
        { "stat rate", "there are count, sum, avg" },
        { "stat p101", "there are count" },
        { "stat quantile(2)", "there are count" },
        { "prop ", "sum needs the field" },
        { "prop time", "_time is no property" },
        { "prop _line.zone", "the store's own" },
        { "period 0", "1 to 2678400 seconds" },
        { "period 99999999", "1 to 2678400 seconds" },
        { "refresh 0", "1 second at least" },
        { "segment _msg", "no segment" },
        { "segment message", "no segment" },
        { "segment a,b,c,d,e", "at most 4 fields" },
        { "segment a,a", "named twice" },
        { "filter * | limit 1", "has no pipes" },
        { "filter _group:shop", "write the selector of 'shop'" },
        { "filter _time:5m", "same at any time" },
        { "filter a OR _time:1h", "same at any time" },
        { "filter b NOT (a _time:>1h)", "same at any time" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_is_refused_with_what_would_work(string change, string reason)
    {
        var (what, value) = (change[..change.IndexOf(' ', StringComparison.Ordinal)], change[(change.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        var request = what switch
        {
            "id" => Good with { Id = value },
            "stat" => Good with { Statistic = value },
            "prop" => Good with { Property = value },
            "period" => Good with { Period = int.Parse(value, null) },
            "refresh" => Good with { Refresh = int.Parse(value, null) },
            "segment" => Good with { Segments = [.. value.Split(',')] },
            _ => Good with { Filter = value },
        };
        Assert.Contains(reason, Assert.Throws<MetricException>(() => request.Check(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filter_that_is_not_understood_is_told_as_in_a_search()
    {
        var told = Assert.Throws<LogsqlException>(() => Puppylog.Query.QueryParser.Parse("status:>=", 0)).Describe();
        Assert.Contains(told, Assert.Throws<MetricException>(() => (Good with { Filter = "status:>=" }).Check(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var wrong = new MetricRequest("a b", "rate", null, 0, 0, ["a", "a", "_msg", "_line.x", "c"], "_group:shop status:>=500 _time:5m | limit 1") { Lateness = -1, Top = 0 };
        Assert.Equal(
            ["id", "stat", "period", "refresh_rate", "lateness", "top", "segment_expression", "segment_expression", "segment_expression", "segment_expression", "filter", "filter", "filter"],
            Assert.Throws<MetricException>(() => wrong.Check(0)).Mistakes.Select(mistake => mistake.Property));
    }

    [Fact]
    public void Filter_with_a_fixed_time_is_one() => (Good with { Filter = "_time:2026-11-21" }).Check(0);
}
