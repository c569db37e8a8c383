using System.Globalization;
using System.Text;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Records.Columns;
using static Puppylog.Tests.Metrics.TrafficBatch;

namespace Puppylog.Tests.Metrics;

public sealed class TrafficWindowTests
{
    readonly TrafficWindow _window = new(100);

    TrafficSummary Summary => _window.Summarize(110);

    [Fact]
    public void Sections_are_counted_and_sorted_by_hits_then_name()
    {
        _window.Add(Of(new("/blog/1"), new("/api/x?y=/z"), new("/blog?q"), new("/about"), new(null), new("/")));
        Assert.Equal(["/blog 2", "- 1", "/ 1", "/about 1", "/api 1"], Summary.Sections.Select(s => $"{s.Name} {s.Hits}"));
    }

    [Fact]
    public void At_most_ten_sections_are_told()
    {
        _window.Add(Of([.. Enumerable.Range(0, 30).SelectMany(n => Enumerable.Repeat(Hit.Numbered(n), 1 + n))]));
        Assert.Equal(["/s29", "/s28", "/s27", "/s26", "/s25", "/s24", "/s23", "/s22", "/s21", "/s20"], Summary.Sections.Select(s => s.Name));
    }

    [Fact]
    public void Sections_beyond_the_bound_are_taken_together()
    {
        _window.Add(Of([.. Enumerable.Range(0, SectionTally.MaxSections + 7).Select(Hit.Numbered)]));
        Assert.Equal(new SectionHits(SectionTally.Other, 7), Summary.Sections[^1]);
        Assert.Equal(11, Summary.Sections.Count);
    }

    [Fact]
    public void Requests_bytes_clients_and_status_classes_are_summed()
    {
        _window.Add(Of(
            new("/a", "h1", "200", "100"),
            new("/a", "h2", "304", null),
            new("/a", "h1", "404", "-"),
            new("/a", "::1", "503", "4000000000"),
            new("/a", null, "099", "-5"),
            new("/a", "h1", "abc", "12x"),
            new("/a", "h1", "101", "1")));
        Assert.Equal(7, Summary.Requests);
        Assert.Equal(0.7, Summary.RequestsPerSecond);
        Assert.Equal(4_000_000_101, Summary.Bytes);
        Assert.Equal(3, Summary.Clients);
        Assert.Equal([1, 1, 1, 1, 1], Summary.StatusClasses);
        Assert.Equal(1.0 / 7, Summary.ErrorRate);
    }

    [Fact]
    public void Bytes_do_not_overflow()
    {
        _window.Add(Of(new("/a", Bytes: "9223372036854775807"), new("/a", Bytes: "9223372036854775807"), new("/a", Bytes: "92233720368547758070")));
        Assert.Equal(long.MaxValue, Summary.Bytes);
    }

    [Fact]
    public void Slowest_routes_are_by_mean_with_nearest_rank_quantile()
    {
        var durations = Enumerable.Range(1, 20).Select(n => new Hit("/slow/a?q=" + n, Duration: n.ToString(CultureInfo.InvariantCulture)));
        _window.Add(Of([.. durations, new("/fast", Duration: "0.001"), new("/fast", Duration: "0.003"), new("/none"), new("/bad", Duration: "NaN"), new("/bad", Duration: "-1"), new("/bad", Duration: "1x")]));
        Assert.Equal([new("/slow/a", 20, 10.5, 19, 20), new("/fast", 2, 0.002, 0.003, 0.003)], Summary.SlowestRoutes);
    }

    [Fact]
    public void Paths_beyond_the_bound_are_taken_together()
    {
        _window.Add(Of([.. Enumerable.Range(0, RouteTally.MaxRoutes + 3).Select(n => Hit.Numbered(n) with { Duration = n < RouteTally.MaxRoutes ? "1" : "5" })]));
        Assert.Equal(new RouteTiming(SectionTally.Other, 3, 5, 5, 5), Summary.SlowestRoutes[0]);
    }

    [Fact]
    public void Clients_beyond_the_bound_are_said_to_be_more()
    {
        var clients = new ClientTally(2);
        clients.Add(Of(new("/", "a"), new("/", "b"), new("/", "a")).Column(FieldNames.Host), [0, 1, 2]);
        Assert.False(clients.HasMore);
        clients.Add(Of(new("/", "b"), new("/", "c")).Column(FieldNames.Host), [0, 1]);
        Assert.True(clients.HasMore);
        Assert.Equal(2, clients.Count);
    }

    [Fact]
    public void Only_the_rows_that_are_named_count()
    {
        _window.Add(Of(new("/a", "h1"), new("/b", "h2", "500"), new("/c", "h3")), [0, 2]);
        Assert.Equal(["/a", "/c"], Summary.Sections.Select(s => s.Name));
        Assert.Equal(2, Summary.Clients);
        Assert.Equal(0, Summary.StatusClasses[4]);
    }

    [Fact]
    public void Kinds_of_columns_give_the_same_summary()
    {
        string[] routes = ["/a/1", "/b/2", "/a/1", "/a/1", "", "/b/2"];
        string[] statuses = ["200", "500", "200", "404", "200", "500"];
        var text = new TrafficWindow(0);
        text.Add(Of([.. routes.Zip(statuses, (route, status) => new Hit(route.Length == 0 ? null : route, "h", status, "7", "2"))]));
        var encoded = new TrafficWindow(0);
        encoded.Add(new EncodedView(routes.Length, new()
        {
            [FieldNames.Section] = Dictionary(["/a", "/b", ""], [0, 1, 0, 0, 2, 1]),
            [FieldNames.Path] = Dictionary(["/a/1", "/b/2", ""], [0, 1, 0, 0, 2, 1]),
            [FieldNames.Host] = new ConstantVector(6, "h"u8.ToArray()),
            [FieldNames.Status] = new IntegerVector(6, [.. statuses.Select(s => long.Parse(s, CultureInfo.InvariantCulture)), 0, 0], null),
            [FieldNames.Bytes] = new IntegerVector(6, [7, 7, 7, 7, 7, 7], null),
            [FieldNames.Duration] = new IntegerVector(6, [2, 2, 2, 2, 2, 2], null),
        }));
        Assert.Equivalent(text.Summarize(10), encoded.Summarize(10), strict: true);
        Assert.Equal(3, encoded.Summarize(10).Sections[0].Hits);
    }

    [Fact]
    public void Rates_keep_the_last_seconds_and_forget_gaps()
    {
        var rates = new RateHistory();
        Assert.Equal([0, 0], rates.Last(2));
        rates.Add(10, 5);
        rates.Add(12, 7);
        rates.Advance(13);
        Assert.Equal([5, 0, 7], rates.Last(3));
        rates.Add(11, 1);
        Assert.Equal([5, 1, 7], rates.Last(3));
        rates.Add(13 + (RateHistory.Length * 5L), 9);
        rates.Advance(14 + (RateHistory.Length * 5L));
        Assert.Equal([0, 0, 9], rates.Last(3));
        rates.Add(-9_000_000_000, 3);
        Assert.Equal(9, rates.Last(RateHistory.Length).Sum());
    }

    static DictionaryVector Dictionary(string[] values, ushort[] codes)
    {
        var bytes = values.SelectMany(Encoding.UTF8.GetBytes).ToArray();
        int[] offsets = [0, .. values.Select((_, i) => values.Take(i + 1).Sum(v => v.Length))];
        return new DictionaryVector(codes.Length, new ByteTable(bytes, offsets), codes, 2);
    }

    sealed class EncodedView(int count, Dictionary<string, ColumnVector> columns) : RecordView
    {
        public override int Count => count;

        public override long MinTime => 0;

        public override long MaxTime => 0;

        public override IReadOnlyList<string> FieldNames => [.. columns.Keys];

        public override TimestampVector Times => new(count, new long[count]);

        public override ColumnVector? Column(string name) => columns.GetValueOrDefault(name);
    }
}
