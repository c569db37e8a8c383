using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>The real access log, collected and searched: figures that issue 2 names.</summary>
public sealed class AccessLogTests : IClassFixture<CollectedAccessLog>
{
    readonly PublishedProgram _program;
    readonly CollectedAccessLog _log;

    public AccessLogTests(PublishedProgram program, CollectedAccessLog log)
    {
        Repository.SharedData("apache_access.log");
        _program = program;
        _log = log;
    }

    [Fact]
    public void All_lines_but_the_invalid_one_are_stored()
    {
        var summary = StoreQueries.Json(_log.Collected.Expect(0).Lines[^1]);
        Assert.Equal(10_000, summary.Number("read"));
        Assert.Equal(9_999, summary.Number("stored"));
        Assert.Equal(1, summary.Number("invalid"));
        Assert.Equal(new FileInfo(_log.Source).Length, summary.Number("bytes"));
        Assert.True(summary.GetProperty("seconds").GetDouble() >= 0);
    }

    [Fact]
    public void The_invalid_line_is_reported_with_file_and_number() =>
        Assert.Contains(_log.Collected.Errors.Split('\n'), line => line.Contains("apache_access.log", StringComparison.Ordinal) && line.Contains("8899", StringComparison.Ordinal));

    [Fact]
    public async Task Collecting_again_stores_nothing_twice()
    {
        using var directory = new TestDirectory();
        var first = await _program.CollectAsync(directory.Data, _log.Source);
        var second = await _program.CollectAsync(directory.Data, _log.Source);
        Assert.Equal(9_999, first.Number("stored"));
        Assert.Equal(0, second.Number("stored"));
        Assert.Equal(9_999, await _program.CountAsync(directory.Data));
    }

    [Theory]
    [InlineData("report", 9_999, true)]
    [InlineData("drop", 9_999, false)]
    [InlineData("keep", 10_000, false)]
    public async Task Invalid_lines_go_where_they_are_told(string invalid, long stored, bool reported)
    {
        using var directory = new TestDirectory();
        var result = (await _program.RunAsync("collect", "-s", _log.Source, "--data", directory.Data, "-o", "json", "--invalid", invalid)).Expect(0);
        Assert.Equal(stored, StoreQueries.Json(result.Lines[^1]).Number("stored"));
        Assert.Equal(reported, result.Errors.Contains("8899", StringComparison.Ordinal));
        Assert.Equal(stored, await _program.CountAsync(directory.Data));
    }

    [Fact]
    public async Task Server_errors_are_found() => Assert.Equal(3, await _program.CountAsync(_log.Data, "status:>=500"));

    [Fact]
    public async Task Most_frequent_sections_are_those_of_the_log()
    {
        var rows = await SearchAsync("* | top 3 by (section)");
        Assert.Equal(
            [("/presentations", 2305L), ("/blog", 1959L), ("/images", 1243L)],
            rows.Select(row => (row.Field("section"), Hits(row.Field("hits")))));
    }

    [Fact]
    public async Task All_sections_and_statuses_are_counted_as_by_hand()
    {
        var sections = (await SearchAsync("* | top 100000 by (section)")).ToDictionary(row => row.Field("section"), row => Hits(row.Field("hits")));
        Assert.Equal(CountByHand(SectionOf), sections);
        var statuses = (await SearchAsync("* | stats by (status) count() hits")).ToDictionary(row => row.Field("status"), row => Hits(row.Field("hits")));
        Assert.Equal(CountByHand(line => line.Split('"')[2].Split(' ')[1]), statuses);
    }

    [Fact]
    public async Task Bytes_add_up_as_by_hand()
    {
        var row = Assert.Single(await SearchAsync("* | stats sum(bytes) total, max(bytes) largest, count_uniq(host) clients"));
        var bytes = ValidLines().Select(line => line.Split('"')[2].Split(' ')[2]).Where(value => value != "-").Select(Hits).ToList();
        Assert.Equal(bytes.Sum(), Hits(row.Field("total")));
        Assert.Equal(bytes.Max(), Hits(row.Field("largest")));
        Assert.Equal(CountByHand(line => line.Split(' ')[0]).Count, Hits(row.Field("clients")));
    }

    [Fact]
    public async Task Original_lines_come_back_byte_for_byte() =>
        AccessLines.AssertSame(_log.ValidLines, await _program.RawAsync(_log.Data));

    [Fact]
    public async Task Newest_records_are_given_oldest_first()
    {
        var rows = await SearchAsync("*", "--limit", "5");
        var times = rows.Select(row => row.Field("_time")).ToList();
        Assert.Equal(5, times.Count);
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        var newest = Assert.Single(await SearchAsync("* | stats max(_time) last")).Field("last");
        Assert.Equal(newest, times[^1]);
    }

    [Fact]
    public async Task Nothing_found_ends_with_1() =>
        (await _program.RunAsync("search", "thiswordisnowhereinthelog", "--data", _log.Data)).Expect(1);

    [Fact]
    public async Task A_pipe_that_closes_early_is_no_failure()
    {
        var result = (await _program.RunScriptAsync("set -o pipefail; \"$puppylog\" search '*' --data \"$1\" -o raw | head -n 1", _log.Data)).Expect(0);
        Assert.Single(result.Lines);
        Assert.Equal("", result.Errors);
    }

    [Fact]
    public async Task Doctor_finds_the_store_well()
    {
        var result = (await _program.RunAsync("doctor", "--data", _log.Data)).Expect(0);
        Assert.Contains(_log.Data, result.Text, StringComparison.Ordinal);
    }

    async Task<List<System.Text.Json.JsonElement>> SearchAsync(string query, params string[] more) =>
        [.. (await _program.RunAsync(["search", query, "--data", _log.Data, "-o", "json", .. more])).Expect(0).Lines.Select(StoreQueries.Json)];

    IEnumerable<string> ValidLines() => Encoding.Latin1.GetString(_log.ValidLines).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    Dictionary<string, long> CountByHand(Func<string, string> key) => ValidLines().CountBy(key).ToDictionary(pair => pair.Key, pair => (long)pair.Value);

    // Every valid line of this log has a request of three words and no escaped quote.
    static string SectionOf(string line)
    {
        var path = line.Split('"')[1].Split(' ')[1].Split('?')[0];
        var second = path.IndexOf('/', 1);
        return second < 0 ? path : path[..second];
    }

    static long Hits(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
