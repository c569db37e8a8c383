using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>metrics</c>. <c>$PUPPYLOG_SEED</c> repeats a run.</summary>
public sealed class MetricsTests(PublishedProgram program) : IDisposable
{
    const int Kills = 10;

    /// <summary>Commits with all metrics, in which what was counted is brought together twice: after 64 of them.</summary>
    const int FoldedCommits = 140;

    /// <summary>Arguments of <c>metrics create</c>, and the query that says the same.</summary>
    static readonly (string Id, string[] Create, string Query)[] Metrics =
    [
        ("per-second", ["-s", "count", "-pr", "1"], "* | stats by (_time:1s) count() v"),
        ("per-section", ["-s", "count", "-pr", "10", "-seg", "section"], "* | stats by (_time:10s, section) count() v"),
        ("sum", ["-s", "sum", "-p", "response_bsize", "-pr", "60", "-seg", "section"], "* | stats by (_time:60s, section) sum(bytes) v"),
        ("max", ["-s", "max", "-p", "bytes", "-pr", "30", "--filter", "section:=\"/a\""], "section:=\"/a\" | stats by (_time:30s) max(bytes) v"),
        ("agents", ["-s", "distinct", "-p", "user_agent", "-pr", "60"], "* | stats by (_time:60s) count_uniq(user_agent) v"),
    ];

    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Metrics_are_what_a_search_gives_however_often_the_collector_is_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PUPPYLOG_SEED"), CultureInfo.InvariantCulture, out var set) ? set : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"PUPPYLOG_SEED={seed}");
        var random = new Random(seed);
        File.WriteAllBytes(Log, []);
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAsync(new Random(seed + 1), ended.Token), TestContext.Current.CancellationToken);
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await using var collector = Collect();
                await Task.Delay(random.Next(300, 900), TestContext.Current.CancellationToken);
                Assert.False(collector.HasExited, $"the collector ended by itself: {string.Join('\n', collector.ErrorLines)}");
                if (kill % 2 == 1 && kill / 2 < Metrics.Length)
                {
                    await CreateAsync(Metrics[kill / 2], random);
                }

                collector.Kill();
                await collector.WaitForExitAsync();
                await AssertSameAsync(Math.Min(Metrics.Length, (kill + 1) / 2));
            }

            var made = await LastCommitAsync();
            await using (var folding = Collect())
            {
                for (var commit = made; commit < made + FoldedCommits; commit = await LastCommitAsync())
                {
                    Assert.False(folding.HasExited, $"the collector ended by itself: {string.Join('\n', folding.ErrorLines)}");
                    await Task.Delay(100, TestContext.Current.CancellationToken);
                }

                folding.Kill();
                await folding.WaitForExitAsync();
                await AssertSameAsync(Metrics.Length);
            }

            await using var last = Collect();
            await ended.CancelAsync();
            await program.WaitForCountAsync(_directory.Data, await writing, last);
            await last.StopAsync();
        }
        finally
        {
            await ended.CancelAsync();
            await writing;
        }

        await AssertSameAsync(Metrics.Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"{await LastCommitAsync()} commits");
    }

    [Fact]
    public async Task Metrics_are_made_listed_shown_and_deleted()
    {
        File.WriteAllText(Log, string.Concat(Enumerable.Range(0, 30).Select(i => AccessLines.Line(i) + "\n")));
        await program.CollectAsync(_directory.Data, Log);
        Assert.Equal("no metrics\n", (await RunAsync()).Expect(0).Text);
        Assert.Contains("totaltraffic: made; avg of total_traffic over 120 s above 10", (await RunAsync("create", "--default")).Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(["total_traffic", "total_traffic_per_route"], (await RunAsync("-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).Select(row => row.Field("metric")));
        Assert.Equal(
            """
            METRIC                   STATISTIC  PERIOD  SEGMENTS  FILTER
            total_traffic            count      1 s     -         *
            total_traffic_per_route  count      10 s    section   *

            """,
            (await RunAsync()).Expect(0).Text);
        Assert.Equal(
            """
            {"metric":"total_traffic_per_route","time":"2026-01-01T00:00:00Z","segment":"/seq","value":10}
            {"metric":"total_traffic_per_route","time":"2026-01-01T00:00:10Z","segment":"/seq","value":10}
            {"metric":"total_traffic_per_route","time":"2026-01-01T00:00:20Z","segment":"/seq","value":10}

            """,
            (await RunAsync("get", "total_traffic_per_route", "-o", "json")).Expect(0).Text);
        Assert.Single((await RunAsync("get", "total_traffic", "-o", "json", "--limit", "1")).Expect(0).Lines);
        Assert.Contains("█", (await RunAsync("get", "total_traffic")).Expect(0).Text, StringComparison.Ordinal);
        Assert.Matches("(?m)^segments +section$", (await RunAsync("meta", "total_traffic_per_route")).Expect(0).Text);
        Assert.Matches("(?m)^2026-01-01T00:00:29Z +1\\b", (await RunAsync("get", "total_traffic")).Expect(0).Text);
        Assert.Contains("already", (await RunAsync("create", "--default")).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("sum needs the field", (await RunAsync("create", "-id", "x", "-s", "sum")).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("same at any time", (await RunAsync("create", "-id", "x", "--filter", "_time:5m")).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Equal(
            "puppylog: the metric 'total_traffic' is not deleted: the alert 'totaltraffic' watches it; first 'puppylog alerts delete totaltraffic'\n",
            (await RunAsync("delete", "total_traffic")).Expect(2).Errors);
        Assert.Single((await RunAsync("get", "total_traffic", "-o", "json", "--limit", "1")).Expect(0).Lines);
        (await program.RunAsync("alerts", "delete", "totaltraffic", "--data", _directory.Data)).Expect(0);
        (await RunAsync("delete", "total_traffic")).Expect(0);
        Assert.Contains("there is no metric 'total_traffic'", (await RunAsync("get", "total_traffic")).Expect(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_of_a_configuration_are_made_changed_and_kept()
    {
        File.WriteAllText(Log, string.Concat(Enumerable.Range(0, 30).Select(i => AccessLines.Line(i) + "\n")));
        var file = _directory["puppylog.yaml"];
        await ConfigureAsync("""
              - {id: hits, stat: count, period: 10, segments: [section]}
              - {identifier: size, stat: max, prop: response_bsize, period: 1m}
            """);
        await using var collector = program.Start(["collect", "--config", file, "--watch", "--data", _directory.Data]);
        await program.WaitForCountAsync(_directory.Data, 30, collector);
        Assert.Equal(["hits True", "size True"], await KnownAsync());
        Assert.Equal(3, (await RunAsync("get", "hits", "-o", "json")).Expect(0).Lines.Count(line => line.Length > 0));

        await ConfigureAsync("  - {id: hits, stat: count, period: 30, segments: [section]}");
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("the 30 records of before are counted", StringComparison.Ordinal)), "the count of before");
        Assert.Contains(collector.ErrorLines, line => line.Contains("metric 'size' is no longer in the configuration: it is kept", StringComparison.Ordinal));
        Assert.Equal(["hits True", "size False"], await KnownAsync());
        Assert.Equal("30", Assert.Single((await RunAsync("get", "hits", "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json)).GetProperty("value").GetRawText());

        await ConfigureAsync("  - {id: hits, stat: sum, period: 0}");
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("is not reloaded, as it has mistakes", StringComparison.Ordinal)), "the refusal");
        await collector.StopAsync();
        Assert.Contains(collector.ErrorLines, line => line.EndsWith(":4:5: property is missing: the field of which the sum is wanted", StringComparison.Ordinal));

        await ConfigureAsync("  - {id: size, stat: count}");
        Assert.Contains("the configuration's metric 'size' is not the one of that name", (await program.RunAsync("collect", "--config", file, "--data", _directory.Data)).Expect(2).Errors, StringComparison.Ordinal);

        Task ConfigureAsync(string metrics) => File.WriteAllTextAsync(file, $"sources:\n  - path: {Log}\nmetrics:\n{metrics}\n", TestContext.Current.CancellationToken);

        async Task<IEnumerable<string>> KnownAsync() => (await RunAsync("-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).Select(row => $"{row.Field("metric")} {row.GetProperty("configured").GetBoolean()}");
    }

    [Fact]
    public async Task Metric_that_an_alert_of_the_configuration_watches_cannot_leave_it()
    {
        File.WriteAllText(Log, AccessLines.Line(0) + "\n");
        var file = _directory["puppylog.yaml"];
        const string Alerts = "alerts:\n  - id: many\n    metric: hits\n    above: 5\n";
        await ConfigureAsync("metrics:\n  - {id: hits, stat: count}\n" + Alerts);
        await using (var collector = program.Start(["collect", "--config", file, "--watch", "--data", _directory.Data]))
        {
            await program.WaitForCountAsync(_directory.Data, 1, collector);
            Assert.Equal(
                "puppylog: the metric 'hits' is not deleted: the alert 'many' watches it; first take 'many' out of the configuration\n",
                (await RunAsync("delete", "hits")).Expect(2).Errors);
            await ConfigureAsync(Alerts);
            collector.HangUp();
            await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("is not reloaded, as it has mistakes", StringComparison.Ordinal)), "the refusal");
            Assert.Contains(collector.ErrorLines, line => line.EndsWith(":5:5: metric: 'hits', which the alert 'many' watches, is no longer under metrics; name it there again, or take the alert out, too", StringComparison.Ordinal));
            await collector.StopAsync();
        }

        Assert.Contains(":5:5: metric: 'hits', which the alert 'many' watches", (await program.RunAsync("collect", "--config", file, "--data", _directory.Data)).Expect(2).Errors, StringComparison.Ordinal);
        await ConfigureAsync("");
        (await program.RunAsync("collect", "--config", file, "--data", _directory.Data)).Expect(0);
        (await RunAsync("delete", "hits")).Expect(0);

        Task ConfigureAsync(string rest) => File.WriteAllTextAsync(file, $"sources:\n  - path: {Log}\n{rest}", TestContext.Current.CancellationToken);
    }

    async Task<long> LastCommitAsync() =>
        StoreQueries.Json(Assert.Single((await program.RunAsync("store", "status", "--data", _directory.Data, "-o", "json")).Expect(0).Lines)).GetProperty("last_commit").GetInt64();

    /// <summary>Now and then it is killed, too, and then asked for again.</summary>
    async Task CreateAsync((string Id, string[] Create, string Query) metric, Random random)
    {
        string[] arguments = ["metrics", "create", "-id", metric.Id, .. metric.Create, "--data", _directory.Data];
        await using (var first = program.Start(arguments))
        {
            await Task.Delay(random.Next(400), TestContext.Current.CancellationToken);
            first.Kill();
            await first.WaitForExitAsync();
        }

        if (!(await RunAsync("-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).Any(row => row.Field("metric") == metric.Id && row.GetProperty("complete").GetBoolean()))
        {
            (await program.RunAsync(arguments)).Expect(0);
        }
    }

    async Task AssertSameAsync(int metrics)
    {
        foreach (var (id, _, query) in Metrics.Take(metrics))
        {
            var expected = (await program.RunAsync("search", query, "--data", _directory.Data, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json)
                .Select(row => (row.Field("_time"), row.TryGetProperty("section", out var section) ? section.GetString()! : "", row.Field("v")));
            var actual = (await RunAsync("get", id, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json)
                .Select(row => (row.Field("time"), row.Field("segment"), row.GetProperty("value").GetRawText()));
            Assert.Equal(expected.Order(), actual.Order());
        }
    }

    /// <summary>Lines whose times go on, and now and then go back by up to half an hour. Returns how many it wrote.</summary>
    async Task<int> WriteAsync(Random random, CancellationToken ended)
    {
        var line = 0;
        while (!ended.IsCancellationRequested)
        {
            var text = new StringBuilder();
            for (var count = random.Next(1, 300); count > 0; count--)
            {
                var time = AccessLines.Start.AddSeconds((line / 20) - (random.Next(20) == 0 ? random.Next(1800) : 0));
                text.Append(AccessLines.Line(line++, time, $"{(char)('a' + random.Next(4))}")).Append('\n');
            }

            AccessLines.Append(Log, Encoding.ASCII.GetBytes(text.ToString()));
            await Task.Delay(random.Next(20), CancellationToken.None);
        }

        return line;
    }

    RunningProgram Collect() => program.Start(["collect", "-s", Log, "--watch", "--data", _directory.Data, "--batch-wait", "5ms", "-o", "json"]);

    Task<ProgramResult> RunAsync(params string[] arguments) => program.RunAsync(["metrics", .. arguments, "--data", _directory.Data]);
}
