using System.Net;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>/api/v1/…</c>: the same as the commands say and do.</summary>
public sealed class ResourceApiTests : IAsyncLifetime
{
    readonly PublishedProgram _program;
    readonly TestDirectory _directory = new();
    readonly AgentServer _server;
    readonly ApiClient _api;

    public ResourceApiTests(PublishedProgram program)
    {
        _program = program;
        _server = new(program, _directory.Data, "--config", _directory["puppylog.yaml"]);
        _api = new(_server.Url);
    }

    public async ValueTask InitializeAsync()
    {
        File.WriteAllText(_directory["puppylog.yaml"], Configuration);
        (await _program.RunAsync("generate", "--max", "3000", "--seed", "7", "--output", _directory["access.log"])).Expect(0);
        (await _program.RunAsync("collect", "-s", _directory["access.log"], "--data", _directory.Data)).Expect(0);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    const string Configuration = """
        sources:
          - exec: exit 3
        groups:
          - {name: fixed, match: '{file_path="/x"}'}
        metrics:
          - {id: all, stat: count, period: 10}
          - {id: seconds, stat: count, period: 1}
        notifiers:
          - {name: ops, type: webhook, url: 'http://127.0.0.1:1/secret-path'}
        alerts:
          - {id: fixed, metric: all, above: 1000000}
        """;

    [Theory]
    [InlineData("streams", "streams", "streams")]
    [InlineData("groups", "groups", "groups")]
    [InlineData("metrics", "metrics", "metrics")]
    [InlineData("alerts", "alerts", "alerts")]
    [InlineData("metrics/all/observations?limit=5", "observations", "metrics get all --limit 5")]
    [InlineData("alerts/fixed/history", "history", "alerts get fixed")]
    [InlineData("silences", "silences", "alerts silence")]
    public async Task Lists_are_those_of_the_commands(string path, string list, string command)
    {
        var printed = await _program.RunAsync([.. command.Split(' '), "-o", "json", "--data", _directory.Data]);
        Assert.Equal(printed.Lines, await _api.ListAsync("/api/v1/" + path, list));
    }

    [Fact]
    public async Task Store_is_told_as_its_status()
    {
        var printed = JsonDocument.Parse((await _program.RunAsync("store", "status", "-o", "json", "--data", _directory.Data)).Text).RootElement;
        var told = await _api.JsonAsync("/api/v1/store?columns=1");
        foreach (var name in new[] { "records", "blocks", "segments", "days", "oldest", "newest", "raw_bytes" })
        {
            Assert.Equal(printed.GetProperty(name).GetRawText(), told.GetProperty(name).GetRawText());
        }

        Assert.InRange(told.GetProperty("disk_free_bytes").GetInt64(), 1, told.GetProperty("disk_bytes").GetInt64());
        Assert.Contains(told.GetProperty("columns").EnumerateArray(), column => column.GetProperty("name").GetString() == "user_agent");
    }

    [Fact]
    public async Task Sources_come_with_what_hinders_them()
    {
        await Eventually.HoldsAsync(
            async () => (await _api.JsonAsync("/api/v1/sources")).GetProperty("sources") is var sources && sources.GetArrayLength() == 1 && sources[0].GetProperty("state").GetString() == "hindered",
            () => "the source is not told as hindered");
        var source = (await _api.JsonAsync("/api/v1/sources")).GetProperty("sources")[0];
        Assert.Contains("exit 3", source.GetProperty("trouble").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_is_made_changed_and_deleted()
    {
        var group = await _api.PostedAsync("/api/v1/groups", """{"name":"web","match":"{file_path=~\".*access.*\"}"}""", HttpStatusCode.Created);
        Assert.Equal(3000, group.GetProperty("records").GetInt64());
        await _api.PostedAsync("/api/v1/groups", """{"name":"web","match":"{file_path=\"/other\"}"}""", HttpStatusCode.OK);
        Assert.Contains("/other", (await _program.RunAsync("groups", "--data", _directory.Data)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _api.DeleteAsync("/api/v1/groups/web")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.DeleteAsync("/api/v1/groups/web")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _api.DeleteAsync("/api/v1/groups/fixed")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _api.PostAsync("/api/v1/groups", """{"name":"fixed","match":"{}"}""")).Status);
    }

    [Fact]
    public async Task Metric_counts_what_its_preview_said()
    {
        const string Body = """{"id":"errors","filter":"status:>=400","period":10,"segments":["section"]}""";
        var preview = (await _api.PostedAsync("/api/v1/metrics/preview", Body, HttpStatusCode.OK)).GetProperty("observations").GetRawText();
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/v1/metrics/errors")).Status);
        var made = await _api.PostedAsync("/api/v1/metrics", Body, HttpStatusCode.Created);
        Assert.Equal("status:>=400", made.GetProperty("filter").GetString());
        Assert.Equal(made.GetRawText(), (await _api.JsonAsync("/api/v1/metrics/errors")).GetRawText());
        Assert.Equal(preview, (await _api.JsonAsync("/api/v1/metrics/errors/observations")).GetProperty("observations").GetRawText());
        Assert.Equal((await _program.RunAsync("metrics", "get", "errors", "-o", "json", "--data", _directory.Data)).Lines, await _api.ListAsync("/api/v1/metrics/errors/observations", "observations"));
        var count = JsonDocument.Parse((await _program.RunAsync("search", "status:>=400 | stats count() n", "-o", "json", "--data", _directory.Data)).Text).RootElement.GetProperty("n").GetString();
        Assert.Equal(count, JsonDocument.Parse(preview).RootElement.EnumerateArray().Sum(observation => observation.GetProperty("value").GetInt64()).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(HttpStatusCode.Conflict, (await _api.PostAsync("/api/v1/metrics", Body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _api.DeleteAsync("/api/v1/metrics/errors")).Status);
        Assert.DoesNotContain("errors", (await _program.RunAsync("metrics", "--data", _directory.Data)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observations_are_those_of_a_range()
    {
        var all = await _api.ListAsync("/api/v1/metrics/seconds/observations", "observations");
        var times = all.Select(observation => JsonDocument.Parse(observation).RootElement.GetProperty("time").GetString()!).ToList();
        Assert.True(times.Count > 2, $"only {times.Count} periods");
        Assert.Equal(all[1..2], await _api.ListAsync($"/api/v1/metrics/seconds/observations?start={times[1]}&end={times[2]}", "observations"));
        Assert.Equal(all[^1..], await _api.ListAsync("/api/v1/metrics/seconds/observations?limit=1", "observations"));
    }

    [Fact]
    public async Task Observations_come_as_a_curve_of_their_largest()
    {
        const string Body = """{"id":"parts","period":1,"segments":["route"]}""";
        var all = (await _api.PostedAsync("/api/v1/metrics/preview", Body, HttpStatusCode.OK)).GetProperty("observations").EnumerateArray().ToList();
        var curve = await _api.PostedAsync("/api/v1/metrics/preview?points=2", Body, HttpStatusCode.OK);
        var drawn = curve.GetProperty("observations").EnumerateArray().ToList();
        Assert.InRange(drawn.Select(one => one.GetProperty("time").GetString()).Distinct().Count(), 1, 2);
        var kept = drawn.Select(one => one.GetProperty("segment").GetString()).Distinct().ToList();
        Assert.Equal(8, kept.Count);
        Assert.Equal(all.Select(one => one.GetProperty("segment").GetString()).Distinct().Count() - 8, curve.GetProperty("other_segments").GetInt32());
        foreach (var segment in kept)
        {
            Assert.Equal(Most(all, segment), Most(drawn, segment));
        }

        static long Most(IEnumerable<JsonElement> of, string? segment) => of.Where(one => one.GetProperty("segment").GetString() == segment).Max(one => one.GetProperty("value").GetInt64());
    }

    [Fact]
    public async Task Alert_does_what_its_preview_said_and_can_be_silenced_and_tested()
    {
        const string Body = """{"id":"busy","metric":"all","statistic":"sum","window":10,"above":20,"severity":"critical","labels":{"team":"web"},"notify":["ops"]}""";
        var preview = await _api.PostedAsync("/api/v1/alerts/preview", Body, HttpStatusCode.OK);
        Assert.NotEmpty(preview.GetProperty("history").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/v1/alerts/busy")).Status);
        var made = await _api.PostedAsync("/api/v1/alerts", Body, HttpStatusCode.Created);
        Assert.Equal("web", made.GetProperty("labels").GetProperty("team").GetString());
        Assert.Equal(
            (await _program.RunAsync("alerts", "replay", "busy", "-o", "json", "--data", _directory.Data)).Lines,
            preview.GetProperty("history").EnumerateArray().Select(signal => signal.GetRawText()));
        var meta = JsonDocument.Parse((await _program.RunAsync("alerts", "meta", "busy", "-o", "json", "--data", _directory.Data)).Text).RootElement;
        var whole = await _api.JsonAsync("/api/v1/alerts/busy");
        Assert.All(meta.EnumerateObject(), member => Assert.Equal(member.Value.GetRawText(), whole.GetProperty(member.Name).GetRawText()));
        Assert.Equal(HttpStatusCode.Conflict, (await _api.DeleteAsync("/api/v1/metrics/all")).Status);

        var silence = await _api.PostedAsync("/api/v1/alerts/busy/silence", """{"for":"2h","why":"moving"}""", HttpStatusCode.Created);
        Assert.Equal("moving", silence.GetProperty("why").GetString());
        Assert.Single(await _api.ListAsync("/api/v1/silences", "silences"));
        Assert.Equal(1, ApiClient.Parse(await _api.DeleteAsync("/api/v1/alerts/busy/silence"), HttpStatusCode.OK).GetProperty("lifted").GetInt32());
        Assert.Empty(await _api.ListAsync("/api/v1/silences", "silences"));

        var tested = Assert.Single((await _api.PostedAsync("/api/v1/alerts/busy/test", "", HttpStatusCode.OK)).GetProperty("notifiers").EnumerateArray());
        Assert.Equal("ops", tested.GetProperty("notifier").GetString());
        Assert.False(tested.GetProperty("told").GetBoolean());
        Assert.Equal(HttpStatusCode.Conflict, (await _api.PostAsync("/api/v1/alerts", Body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _api.DeleteAsync("/api/v1/alerts/busy")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await _api.DeleteAsync("/api/v1/alerts/fixed")).Status);
    }

    [Fact]
    public async Task Alert_is_changed_in_its_place_and_keeps_its_history()
    {
        await _api.PostedAsync("/api/v1/alerts", """{"id":"busy","metric":"all","window":10,"above":20}""", HttpStatusCode.Created);
        var created = (await _api.JsonAsync("/api/v1/alerts/busy")).GetProperty("created").GetString();
        const string Other = """{"id":"busy","metric":"all","statistic":"max","window":20,"below":3,"title":"Too quiet"}""";
        var changed = ApiClient.Parse(await _api.SendAsync("PUT", "/api/v1/alerts/busy", Other), HttpStatusCode.OK);
        Assert.Equal(("max", 20, "Too quiet", created), (changed.GetProperty("statistic").GetString(), changed.GetProperty("window").GetInt32(), changed.GetProperty("title").GetString(), changed.GetProperty("created").GetString()));
        Assert.Contains("Too quiet", (await _program.RunAsync("alerts", "meta", "busy", "--data", _directory.Data)).Text, StringComparison.Ordinal);

        Assert.Contains("is no multiple", Refused(await _api.SendAsync("PUT", "/api/v1/alerts/busy", """{"id":"busy","metric":"all","window":15,"above":20}"""), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("a name stays", Refused(await _api.SendAsync("PUT", "/api/v1/alerts/busy", Other.Replace("busy", "calm", StringComparison.Ordinal)), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("change it there", Refused(await _api.SendAsync("PUT", "/api/v1/alerts/fixed", Other), HttpStatusCode.Conflict), StringComparison.Ordinal);
        Refused(await _api.SendAsync("PUT", "/api/v1/alerts/none", Other), HttpStatusCode.NotFound);
        Assert.Equal("max", (await _api.JsonAsync("/api/v1/alerts/busy")).GetProperty("statistic").GetString());
    }

    [Fact]
    public async Task Metric_that_is_changed_counts_again_unless_an_alert_could_not_watch_it_then()
    {
        await _api.PostedAsync("/api/v1/metrics", """{"id":"m","filter":"status:>=400","period":10,"segments":["section"]}""", HttpStatusCode.Created);
        const string Other = """{"id":"m","filter":"status:<400","period":10}""";
        var preview = (await _api.PostedAsync("/api/v1/metrics/preview", Other, HttpStatusCode.OK)).GetProperty("observations").GetRawText();
        var changed = ApiClient.Parse(await _api.SendAsync("PUT", "/api/v1/metrics/m", Other), HttpStatusCode.OK);
        Assert.Equal(("status:<400", true), (changed.GetProperty("filter").GetString(), changed.GetProperty("complete").GetBoolean()));
        Assert.Equal(preview, (await _api.JsonAsync("/api/v1/metrics/m/observations")).GetProperty("observations").GetRawText());

        ApiClient.Parse(await _api.SendAsync("PUT", "/api/v1/metrics/m", """{"id":"m","filter":"status:<400","period":10,"lateness":5}"""), HttpStatusCode.OK);
        Assert.Equal(preview, (await _api.JsonAsync("/api/v1/metrics/m/observations")).GetProperty("observations").GetRawText());

        await _api.PostedAsync("/api/v1/alerts", """{"id":"watch","metric":"m","window":10,"above":20}""", HttpStatusCode.Created);
        var refusal = Refused(await _api.SendAsync("PUT", "/api/v1/metrics/m", """{"id":"m","period":60}"""), HttpStatusCode.Conflict);
        Assert.Contains("the alert 'watch' watches it: the window of 10 s is no multiple of the period of m, 60 s; take 60", refusal, StringComparison.Ordinal);
        Assert.Contains("change it there", Refused(await _api.SendAsync("PUT", "/api/v1/metrics/all", Other), HttpStatusCode.Conflict), StringComparison.Ordinal);
        Refused(await _api.SendAsync("PUT", "/api/v1/metrics/none", Other), HttpStatusCode.NotFound);
        Assert.Equal(10, (await _api.JsonAsync("/api/v1/metrics/m")).GetProperty("period").GetInt32());
    }

    [Fact]
    public async Task Preview_of_an_alert_comes_with_the_curve_that_it_looks_at()
    {
        const string Body = """{"id":"busy","metric":"all","statistic":"sum","window":10,"above":20}""";
        Assert.False((await _api.PostedAsync("/api/v1/alerts/preview", Body, HttpStatusCode.OK)).TryGetProperty("segments", out _));
        var preview = await _api.PostedAsync("/api/v1/alerts/preview?points=5000", Body, HttpStatusCode.OK);
        var curve = Assert.Single(preview.GetProperty("segments").EnumerateArray());
        var points = curve.GetProperty("points").EnumerateArray().ToDictionary(point => point[0].GetInt64(), point => point[1].GetDouble());
        var step = preview.GetProperty("step").GetInt64();
        var fired = preview.GetProperty("history").EnumerateArray().First(signal => signal.GetProperty("kind").GetString() == "firing");
        var second = DateTimeOffset.Parse(fired.GetProperty("time").GetString()!, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        Assert.True(points[second / step * step] > 20, "the curve is over the threshold where it fires");
        var coarse = (await _api.PostedAsync("/api/v1/alerts/preview?points=2", Body, HttpStatusCode.OK)).GetProperty("segments")[0].GetProperty("points");
        Assert.InRange(coarse.GetArrayLength(), 1, 2);
        Assert.Equal(points.Values.Max(), coarse.EnumerateArray().Max(point => point[1].GetDouble()));
    }

    static string Refused((HttpStatusCode Status, string Body) answer, HttpStatusCode expected) => ApiClient.Parse(answer, expected).GetProperty("error").GetString()!;

    [Fact]
    public async Task Notifiers_are_named_without_their_addresses()
    {
        var (_, body) = await _api.GetAsync("/api/v1/notifiers");
        Assert.Contains("\"notifier\":\"ops\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_says_what_is_wrong_and_changes_nothing_then()
    {
        File.WriteAllText(_directory["puppylog.yaml"], "sorces: []\nmetrics:\n  - {id: other}\n");
        var wrong = await _api.PostedAsync("/api/v1/reload", "", HttpStatusCode.BadRequest);
        var mistake = Assert.Single(wrong.GetProperty("mistakes").EnumerateArray());
        Assert.Equal((1, 1), (mistake.GetProperty("line").GetInt32(), mistake.GetProperty("column").GetInt32()));
        Assert.Contains("did you mean 'sources'", mistake.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.GetAsync("/api/v1/metrics/other")).Status);
        File.WriteAllText(_directory["puppylog.yaml"], Configuration + "\n  - {id: more, metric: all, above: 5}\n");
        Assert.Equal(1, (await _api.PostedAsync("/api/v1/reload", "", HttpStatusCode.OK)).GetProperty("sources").GetInt32());
        Assert.True((await _api.JsonAsync("/api/v1/alerts/more")).GetProperty("configured").GetBoolean());
    }

    [Theory]
    [InlineData("metrics", """{"id":"x","filtr":"*"}""", "did you mean 'filter'?")]
    [InlineData("metrics", """{"id":"x","filter":"status:("}""", "filter:")]
    [InlineData("metrics", """{"id":"x","id":"y"}""", "set twice")]
    [InlineData("metrics", """{"id":"x y"}""", "a metric's identifier has letters")]
    [InlineData("metrics", """{"id":"${HOME}"}""", "not '${HOME}'")]
    [InlineData("metrics", "[]", "expected a JSON object")]
    [InlineData("metrics", """{"id":""", "no JSON")]
    [InlineData("metrics", "", "the body is empty")]
    [InlineData("alerts", """{"id":"x","metric":"nope","above":1}""", "there is no metric nope; there are all, seconds")]
    [InlineData("alerts", """{"id":"x","metric":"all","above":1,"window":15}""", "take 10 or 20")]
    [InlineData("alerts", """{"id":"x","metric":"all","above":1,"notify":"op"}""", "there is no notifier 'op'")]
    [InlineData("alerts/preview", """{"id":"x","metric":"all"}""", "an alert without a bound")]
    [InlineData("alerts/fixed/silence", """{"why":"x"}""", "for is missing")]
    [InlineData("groups", """{"name":"a b","match":"{}"}""", "expected letters")]
    [InlineData("groups", """{"name":"a","match":"error"}""", "expected a stream selector")]
    public async Task Mistakes_are_told(string path, string body, string expected)
    {
        var refusal = await _api.PostedAsync("/api/v1/" + path, body, HttpStatusCode.BadRequest);
        Assert.Contains(expected, refusal.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_of_a_form_is_refused()
    {
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _api.SendAsync("POST", "/api/v1/metrics", """{"id":"x"}""", "text/plain")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _api.PostAsync("/api/v1/metrics", $"{{\"id\":\"{new string('x', 70_000)}\"}}")).Status);
    }

    [Fact]
    public async Task Random_requests_are_answered_or_refused()
    {
        var random = new Random(7);
        string[] paths =
        [
            "streams", "groups", "sources", "store", "metrics", "alerts", "silences", "notifiers", "metrics/{}", "metrics/{}/observations", "metrics/preview", "alerts/{}", "alerts/{}/history",
            "alerts/preview", "alerts/{}/silence", "groups/{}", "reload", "nothing", "",
        ];
        string[] ids = ["all", "fixed", "x", "%00", "%ff", "..", "a%2Fb", "💥", "'", new string('y', 500), "preview"];
        string[] names = ["start", "end", "limit", "columns", "told", "all", "query"];
        string[] values = ["", "1", "-1", "9223372036854775807", "99999999999999999999", "2026-01-01", "1677-01-01", "2262-04-11", "5m", "1e400", "true", "💥", "%00"];
        string[] bodies =
        [
            "", "{}", "[]", "null", "1", "\"x\"", "{\"id\":\"x\"}", """{"id":"x","filter":"*","period":"31d"}""", """{"id":"x","period":1e99,"segments":[[]]}""", """{"id":"x","metric":"all","above":-1e30,"for":"1d"}""",
            """{"id":"x","metric":"all","no_data":1}""", """{"name":"x","match":"{a=~\"(\"}"}""", """{"for":"366d","why":"x"}""", new string('[', 40_000), "{\"id\":\"\\ud800\"}", "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 5000)),
            """{"id":"x","stat":"quantile","quantile":2,"prop":"_raw"}""", """{"id":"x","metric":"all","above":1,"labels":{"":""}}""", "\u0000",
        ];
        string[] methods = ["GET", "POST", "DELETE", "PUT", "PATCH"];
        for (var i = 0; i < 600; i++)
        {
            var path = paths[random.Next(paths.Length)].Replace("{}", ids[random.Next(ids.Length)], StringComparison.Ordinal);
            var arguments = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ => $"{names[random.Next(names.Length)]}={values[random.Next(values.Length)]}"));
            var method = methods[random.Next(methods.Length)];
            var body = method is "GET" ? null : bodies[random.Next(bodies.Length)];
            var (status, text) = await _api.SendAsync(method, $"/api/v1/{path}?{arguments}", body);
            Assert.True((int)status is >= 200 and < 500, $"{(int)status}: {method} {path}?{arguments} {body}: {text}");
        }

        Assert.Equal(HttpStatusCode.OK, (await _api.GetAsync("/ready")).Status);
    }
}
