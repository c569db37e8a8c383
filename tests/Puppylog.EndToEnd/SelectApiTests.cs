using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>/select/logsql/…</c> of a server on the real access log: the same as <c>search</c> says.</summary>
public sealed class SelectApiTests(PublishedProgram program, CollectedAccessLog collected) : IClassFixture<CollectedAccessLog>, IAsyncLifetime
{
    readonly AgentServer _server = new(program, collected.Data);
    readonly HttpClient _client = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(collected.Source.Length == 0, "the real access log is not there (../shared/data/apache_access.log)");
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Query_gives_the_lines_that_search_gives()
    {
        var (status, body) = await GetAsync("query", ("query", "status:404"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((await SearchAsync("status:404", "-o", "json")).Text, body);
        Assert.Equal(213, body.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Limit_gives_the_newest_first_and_offset_goes_on_behind_them()
    {
        var all = Lines((await SearchAsync("status:404", "-o", "json")).Text).Reverse().ToList();
        Assert.Equal(all[..5], Lines((await GetAsync("query", ("query", "status:404"), ("limit", "5"))).Body));
        Assert.Equal(all[5..12], Lines((await GetAsync("query", ("query", "status:404"), ("limit", "7"), ("offset", "5"))).Body));
        Assert.Equal(["""{"n":"213"}"""], Lines((await GetAsync("query", ("query", "status:404 | stats count() n"), ("limit", "7"))).Body));
    }

    [Fact]
    public async Task Posted_form_is_as_good_as_an_address()
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("query", "status:404"), KeyValuePair.Create("limit", "3")]);
        using var answer = await _client.PostAsync(new Uri($"{_server.Url}/select/logsql/query"), form, Cancellation);
        Assert.Equal((await GetAsync("query", ("query", "status:404"), ("limit", "3"))).Body, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.True(answer.Headers.Contains("VL-Request-Duration-Seconds"));
    }

    [Fact]
    public async Task Original_lines_come_back_byte_for_byte()
    {
        var bytes = await _client.GetByteArrayAsync(Url("query", ("query", "* | sort by (_time)"), ("format", "raw")), Cancellation);
        Assert.Equal(Sorted(collected.ValidLines), Sorted(bytes));
    }

    [Fact]
    public async Task Csv_has_a_head_and_all_fields()
    {
        var (_, body) = await GetAsync("query", ("query", "status:404"), ("format", "csv"));
        var lines = body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("_time,_stream,_msg,", lines[0], StringComparison.Ordinal);
        Assert.Equal(214, lines.Length);
        Assert.Contains("\"GET ", (await GetAsync("query", ("query", "status:404 | fields _msg"), ("format", "csv"), ("limit", "1"))).Body.Replace("\"\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_range_holds_its_beginning_and_not_its_end()
    {
        var within = Lines((await SearchAsync("_time:[2015-05-18, 2015-05-19)", "-o", "json")).Text);
        Assert.Equal(within, Lines((await GetAsync("query", ("query", "*"), ("start", "2015-05-18"), ("end", "1431993600"))).Body));
    }

    [Fact]
    public async Task Hits_add_up()
    {
        var hits = (await JsonAsync("hits", ("query", "*"), ("step", "1h"))).GetProperty("hits");
        Assert.Equal(9999, Assert.Single(hits.EnumerateArray()).GetProperty("total").GetInt64());
        var byStatus = (await JsonAsync("hits", ("query", "* | filter method:GET"), ("step", "1d"), ("field", "status"), ("fields_limit", "2"))).GetProperty("hits").EnumerateArray().ToList();
        Assert.Equal(["200", "304"], byStatus[..2].Select(group => group.GetProperty("fields").GetProperty("status").GetString()));
        Assert.Equal(9951, byStatus.Sum(group => group.GetProperty("total").GetInt64()));
        Assert.All(byStatus, group => Assert.Equal(group.GetProperty("total").GetInt64(), group.GetProperty("values").EnumerateArray().Sum(value => value.GetInt64())));
        Assert.Equal("2015-05-16T22:00:00Z", (await JsonAsync("hits", ("query", "*"), ("step", "1d"), ("offset", "2h"))).GetProperty("hits")[0].GetProperty("timestamps")[0].GetString());
    }

    [Fact]
    public async Task Facets_are_the_most_frequent_values()
    {
        var facets = (await JsonAsync("facets", ("query", "*"), ("limit", "3"))).GetProperty("facets").EnumerateArray().ToDictionary(facet => facet.GetProperty("field_name").GetString()!);
        Assert.Equal(["method", "protocol", "section", "status"], facets.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            [("/presentations", 2305L), ("/blog", 1959), ("/images", 1243)],
            facets["section"].GetProperty("values").EnumerateArray().Select(value => (value.GetProperty("field_value").GetString()!, value.GetProperty("hits").GetInt64())));
    }

    [Theory]
    [InlineData("field_values", "field", "status", "200=9125 304=445 404=213 301=164 206=45 500=3 416=2 403=2")]
    [InlineData("stream_field_names", "x", "x", "file_path=9999")]
    public async Task Values_come_with_their_hits(string endpoint, string name, string value, string expected) =>
        Assert.Equal(
            expected.Split(' ').Order(StringComparer.Ordinal),
            (await ValuesAsync(endpoint, ("query", "*"), (name, value))).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Names_and_values_are_narrowed_by_a_filter()
    {
        Assert.Equal(["referrer=5927"], await ValuesAsync("field_names", ("query", "*"), ("filter", "refer")));
        Assert.Equal(["/robots.txt=180"], await ValuesAsync("field_values", ("query", "*"), ("field", "path"), ("filter", "robots")));
        Assert.Equal([$"{collected.Source}=9999"], await ValuesAsync("stream_field_values", ("query", "*"), ("field", "file_path")));
        var id = Assert.Single(await ValuesAsync("stream_ids", ("query", "*")));
        Assert.Equal(48 + "=9999".Length, id.Length);
        Assert.Equal([$"{{file_path=\"{collected.Source}\"}}=9999"], await ValuesAsync("streams", ("query", "*")));
    }

    [Fact]
    public async Task Stats_are_told_as_Prometheus_does()
    {
        var instant = (await JsonAsync("stats_query", ("query", "* | stats by (method) count() n"), ("time", "2015-05-20T00:00:00Z"))).GetProperty("data");
        Assert.Equal("vector", instant.GetProperty("resultType").GetString());
        var sample = instant.GetProperty("result").EnumerateArray().Single(one => one.GetProperty("metric").GetProperty("method").GetString() == "GET");
        Assert.Equal("""{"__name__":"n","method":"GET"}""", sample.GetProperty("metric").GetRawText());
        Assert.Equal("""[1432080000,"9951"]""", sample.GetProperty("value").GetRawText());
        var range = (await JsonAsync("stats_query_range", ("query", "* | stats by (method) count() n"), ("step", "1d"))).GetProperty("data");
        Assert.Equal("matrix", range.GetProperty("resultType").GetString());
        var series = range.GetProperty("result").EnumerateArray().Single(one => one.GetProperty("metric").GetProperty("method").GetString() == "GET");
        Assert.Equal(9951, series.GetProperty("values").EnumerateArray().Sum(value => long.Parse(value[1].GetString()!, CultureInfo.InvariantCulture)));
        Assert.Equal(1_431_820_800, series.GetProperty("values")[0][0].GetInt64());
    }

    [Theory]
    [InlineData("query", "query=status:40%20|", "position")]
    [InlineData("query", "", "'query' is missing")]
    [InlineData("query", "query=*&start=tomorrow", "start takes a time")]
    [InlineData("query", "query=*&limit=-1", "limit takes a number")]
    [InlineData("query", "query=*&offset=3", "offset goes with limit")]
    [InlineData("query", "query=*&format=xml", "format takes")]
    [InlineData("query", "query=*&timeout=0s", "timeout takes")]
    [InlineData("query", "query=*&hidden_fields_filters=pass*", "not supported")]
    [InlineData("query", "query=*|stats%20count()&format=raw", "no original lines")]
    [InlineData("hits", "query=*|stats%20count()", "ignore_pipes=1")]
    [InlineData("hits", "query=*|fields%20host", "ignore_pipes=1")]
    [InlineData("hits", "query=*&step=often", "step takes a duration")]
    [InlineData("field_values", "query=*", "'field' is missing")]
    [InlineData("stats_query", "query=*", "stats pipe")]
    [InlineData("stats_query_range", "query=*|stats%20by(_time:1h)count()", "groups by _time itself")]
    [InlineData("query", "query=*&extra_filters=a|limit%201", "without pipes")]
    public async Task Mistakes_are_told(string endpoint, string query, string expected)
    {
        using var answer = await _client.GetAsync(new Uri($"{_server.Url}/select/logsql/{endpoint}?{query}"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_tenant_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("query", ("query", "*")));
        request.Headers.Add("AccountID", "12");
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Extra_filters_narrow_what_is_seen()
    {
        Assert.Equal(["""{"n":"5"}"""], Lines((await GetAsync("query", ("query", "* | stats count() n"), ("extra_filters", """{"method":"POST"}"""))).Body));
        Assert.Equal(["""{"n":"0"}"""], Lines((await GetAsync("query", ("query", "* | stats count() n"), ("extra_stream_filters", """{file_path="/other"}"""))).Body));
    }

    [Fact]
    public async Task Time_that_is_too_short_is_told()
    {
        var (status, body) = await GetAsync("stats_query", ("query", "* | stats by (path, host, user_agent, referrer) count_uniq(_msg), quantile(0.9, bytes)"), ("timeout", "1us"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("timeout=", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_requests_are_answered_or_refused()
    {
        var random = new Random(7);
        string[] endpoints = ["query", "hits", "facets", "stats_query", "stats_query_range", "field_names", "field_values", "streams", "stream_ids", "stream_field_names", "stream_field_values"];
        string[] names = ["query", "start", "end", "limit", "offset", "step", "field", "fields_limit", "filter", "timeout", "time", "format", "ignore_pipes", "extra_filters", "max_values_per_field", "max_value_len"];
        string[] values = ["*", "error", "_time:5m", "status:404 | stats by (path) count()", "a:~\"(\"", "\0", "9223372036854775807", "-1", "1e400", "now-99999y", "{\"a\":[]}", "{", "\ud800", "%", new string('(', 300), "* | facets 0", "* | sort by (_time) | limit 0", "1ns", "2015-05-17", "💥", "* | rename _time as t"];
        for (var i = 0; i < 400; i++)
        {
            var parts = Enumerable.Range(0, random.Next(6)).Select(_ => $"{names[random.Next(names.Length)]}={Uri.EscapeDataString(values[random.Next(values.Length)].Replace("\ud800", "\ufffd", StringComparison.Ordinal))}");
            var address = $"{_server.Url}/select/logsql/{endpoints[random.Next(endpoints.Length)]}?query={Uri.EscapeDataString(values[random.Next(values.Length)].Replace("\ud800", "\ufffd", StringComparison.Ordinal))}&{string.Join('&', parts)}&timeout=5s";
            using var answer = await _client.GetAsync(new Uri(address), Cancellation);
            Assert.True((int)answer.StatusCode is 200 or 400 or 414 or 422, $"{(int)answer.StatusCode}: {address}");
        }
    }

    Task<ProgramResult> SearchAsync(string query, params string[] more) => program.RunAsync(["search", query, "--data", collected.Data, .. more]);

    async Task<(HttpStatusCode Status, string Body)> GetAsync(string endpoint, params (string Name, string Value)[] arguments)
    {
        using var answer = await _client.GetAsync(Url(endpoint, arguments), Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    async Task<JsonElement> JsonAsync(string endpoint, params (string Name, string Value)[] arguments)
    {
        var (status, body) = await GetAsync(endpoint, arguments);
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    async Task<List<string>> ValuesAsync(string endpoint, params (string Name, string Value)[] arguments) =>
        [.. (await JsonAsync(endpoint, arguments)).GetProperty("values").EnumerateArray().Select(value => $"{value.GetProperty("value").GetString()}={value.GetProperty("hits").GetInt64()}")];

    Uri Url(string endpoint, params (string Name, string Value)[] arguments) =>
        new($"{_server.Url}/select/logsql/{endpoint}?{string.Join('&', arguments.Select(argument => $"{argument.Name}={Uri.EscapeDataString(argument.Value)}"))}");

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static string[] Sorted(byte[] lines) => [.. Encoding.Latin1.GetString(lines).Split('\n').Order(StringComparer.Ordinal)];
}
