using System.Globalization;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>alerts</c>: a load script, and the commands. <c>$PUPPYLOG_SEED</c> repeats a run.</summary>
public sealed class AlertsTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    string Told => _directory["told.jsonl"];

    public void Dispose() => _directory.Dispose();

    /// <summary>Three times over the threshold, with noise around it: messages, times and history are those of a computation from the log.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public async Task Load_that_crosses_the_threshold_is_told_as_a_computation_from_the_log_says(int? recoverBelow)
    {
        var load = AlertLoad.Noisy(Seed());
        var expected = load.Messages(120, 10, recoverBelow ?? 10);
        Assert.True(recoverBelow is null ? expected.Count >= 6 : expected.Count == 6, $"{expected.Count} messages");
        (await RunAsync("metrics", "create", "--default")).Expect(0);
        if (recoverBelow is not null)
        {
            (await RunAsync("alerts", "delete", "totaltraffic")).Expect(0);
            (await RunAsync("alerts", "create", "-id", "totaltraffic", "--metric", "total_traffic", "--statistic", "avg", "--window", "120", "--above", "10", "--recover-below", Text(recoverBelow.Value), "--title", "High traffic", "--value-name", "hits", "--samples", "0")).Expect(0);
        }

        // In parts that end behind any line, each collected by a run of its own.
        var random = new Random(load.Lines);
        var messages = new List<string>();
        for (var at = 0; at < load.Bytes.Length;)
        {
            var end = Math.Min(load.Bytes.Length - 1, at + random.Next(load.Bytes.Length / 4));
            var count = end - at + load.Bytes.AsSpan(end).IndexOf((byte)'\n') + 1;
            AccessLines.Append(Log, load.Bytes[at..(at + count)]);
            at += count;
            messages.AddRange((await RunAsync("collect", "-s", Log)).Expect(0).Lines.Where(line => line.StartsWith("High", StringComparison.Ordinal)));
        }

        Assert.Equal(expected, messages);
        Assert.Equal(expected, await MessagesAsync("get", "totaltraffic"));
        Assert.Equal(expected, await MessagesAsync("get", "totaltraffic", "--told"));
        Assert.Equal(expected, await MessagesAsync("replay", "totaltraffic"));
        Assert.Equal(expected, await MessagesAsync("replay", "totaltraffic", "--records"));
        Assert.Equal(0, (await RunAsync("alerts", "--check")).ExitCode);
    }

    [Fact]
    public async Task Killing_the_writer_forgets_no_firing_and_tells_none_twice()
    {
        var load = AlertLoad.Steep(Seed());
        var expected = load.Messages(20, 10, 10);
        (await RunAsync("metrics", "create", "--default")).Expect(0);
        (await RunAsync("alerts", "delete", "totaltraffic")).Expect(0);
        (await RunAsync("alerts", "notifiers", "create", "log", "--type", "file", "--path", Told)).Expect(0);
        (await RunAsync("alerts", "create", "-id", "high", "--metric", "total_traffic", "--window", "20", "--above", "10", "--title", "High traffic", "--value-name", "hits")).Expect(0);
        var random = new Random(Seed());
        File.WriteAllBytes(Log, []);
        var at = 0;
        for (var kill = 0; at < load.Bytes.Length; kill++)
        {
            await using var collector = program.Start("collect", "-s", Log, "--watch", "--data", _directory.Data);
            for (var pauses = random.Next(2, 12); pauses > 0 && at < load.Bytes.Length; pauses--)
            {
                var count = Math.Min(load.Bytes.Length - at, random.Next(1, 10_000));
                AccessLines.Append(Log, load.Bytes[at..(at + count)]);
                at += count;
                await Task.Delay(random.Next(40, 120), TestContext.Current.CancellationToken);
            }

            Assert.False(collector.HasExited, string.Join('\n', collector.ErrorLines));
            if (at == load.Bytes.Length)
            {
                await program.WaitForCountAsync(_directory.Data, load.Lines, collector);
                await collector.StopAsync();
                break;
            }

            collector.Kill();
            await collector.WaitForExitAsync();
        }

        var told = (await File.ReadAllLinesAsync(Told, TestContext.Current.CancellationToken)).Select(StoreQueries.Json).ToList();
        // A crash between telling and keeping that it was told makes it twice, with the same key.
        var once = told.DistinctBy(notice => notice.Field("key")).ToList();
        Assert.Equal(expected.Count, once.Count);
        Assert.All(once, (notice, i) => Assert.Equal(i % 2 == 0 ? "firing" : "recovered", notice.Field("kind")));
        Assert.InRange(told.Count - once.Count, 0, 3);
        Assert.Equal(expected, await MessagesAsync("get", "high"));
    }

    [Fact]
    public async Task Silent_rule_tells_when_its_silence_is_lifted_and_a_live_silence_of_sources_fires()
    {
        File.WriteAllBytes(Log, []);
        (await RunAsync("metrics", "create", "--default")).Expect(0);
        (await RunAsync("alerts", "delete", "totaltraffic")).Expect(0);
        (await RunAsync("alerts", "create", "-id", "loud", "--metric", "total_traffic", "--window", "600", "--statistic", "sum", "--above", "5")).Expect(0);
        (await RunAsync("alerts", "create", "-id", "quiet", "--metric", "total_traffic", "--no-data", "2")).Expect(0);
        (await RunAsync("alerts", "silence", "loud", "--for", "2h", "--why", "moving")).Expect(0);
        await using var collector = program.Start("collect", "-s", Log, "--watch", "--now", "--data", _directory.Data);
        await collector.WaitForErrorAsync(_ => true, "nothing");
        AccessLines.Append(Log, AccessLines.Lines(0, 20));
        await collector.WaitForOutputAsync(lines => lines.Any(line => line.StartsWith("quiet generated an alert - no records for 2 s, triggered at ", StringComparison.Ordinal)), "the absence");
        Assert.DoesNotContain(collector.OutputLines, line => line.StartsWith("loud", StringComparison.Ordinal));
        Assert.Equal(1, (await RunAsync("alerts", "--check")).ExitCode);
        Assert.Contains("silent until", (await RunAsync("alerts")).Expect(0).Text, StringComparison.Ordinal);
        (await RunAsync("alerts", "silence", "loud", "--lift")).Expect(0);
        AccessLines.Append(Log, AccessLines.Lines(20, 1));
        await collector.WaitForOutputAsync(lines => lines.Any(line => line.StartsWith("loud generated an alert - total_traffic = 2", StringComparison.Ordinal)), "what was silent");
        await collector.WaitForOutputAsync(lines => lines.Any(line => line.StartsWith("quiet alert recovered", StringComparison.Ordinal)), "the recovery");
        await collector.StopAsync();
    }

    [Fact]
    public async Task Alerts_are_made_listed_shown_tested_and_deleted()
    {
        Assert.Equal("no alerts\n", (await RunAsync("alerts")).Expect(0).Text);
        Assert.Contains("there are no metrics yet", (await RunAsync("alerts", "create", "-id", "a", "--metric", "x", "--above", "1")).Expect(2).Errors, StringComparison.Ordinal);
        (await RunAsync("metrics", "create", "--default")).Expect(0);
        var wrong = (await RunAsync("alerts", "create", "-id", "a b", "--metric", "totl", "--above", "1", "--recover-below", "2", "--for", "-1", "--notify", "nobody")).Expect(2).Errors;
        Assert.All(["an alert's id is", "there is no metric totl; there are total_traffic, total_traffic_per_route", "recover-below 2 is over", "for is 0 to", "there is no notifier 'nobody'"], part => Assert.Contains(part, wrong, StringComparison.Ordinal));
        Assert.Contains("--window takes seconds", (await RunAsync("alerts", "create", "-id", "a", "--metric", "total_traffic", "--above", "x", "--window", "soon")).Expect(2).Errors, StringComparison.Ordinal);
        (await RunAsync("alerts", "create", "-id", "routes", "--metric", "total_traffic_per_route", "--statistic", "sum", "--window", "1m", "--above", "20", "--per-segment", "--label", "team=web", "--severity", "critical")).Expect(0);
        Assert.Contains("there is an alert 'routes' already", (await RunAsync("alerts", "create", "-id", "routes", "--metric", "total_traffic", "--above", "1")).Expect(2).Errors, StringComparison.Ordinal);
        (await RunAsync("alerts", "create", "-id", "whole", "--metric", "total_traffic_per_route", "--window", "10", "--above", "20")).Expect(0);
        File.WriteAllLines(Log, [.. Enumerable.Range(0, 60).Select(i => AccessLines.Line(i, AccessLines.Start.AddSeconds(i), i % 3 == 0 ? "rare" : "busy")), AccessLines.Line(60, AccessLines.Start.AddSeconds(61))]);
        var told = (await RunAsync("collect", "-s", Log)).Expect(0).Text;
        Assert.StartsWith("routes (/busy) generated an alert - total_traffic_per_route = ", told, StringComparison.Ordinal);
        Assert.Contains("\n  10.0.", told, StringComparison.Ordinal);
        Assert.Equal(["routes firing", "totaltraffic ok", "whole ok"], (await RunAsync("alerts", "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).Select(row => $"{row.Field("alert")} {row.Field("state")}"));
        Assert.Contains("routes//busy", (await RunAsync("alerts")).Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("alerts", "--check")).ExitCode);
        Assert.Equal(1, (await RunAsync("alerts", "get", "routes", "--check")).ExitCode);
        Assert.Equal(0, (await RunAsync("alerts", "get", "totaltraffic", "--check")).ExitCode);
        Assert.Equal(1, (await RunAsync("alerts", "get", "totaltraffic")).ExitCode);
        Assert.Equal("/busy", Assert.Single((await RunAsync("alerts", "get", "routes", "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json)).Field("segment"));
        Assert.Equal("critical", StoreQueries.Json((await RunAsync("alerts", "meta", "routes", "-o", "json")).Expect(0).Text).Field("severity"));
        Assert.Equal("console: told", (await RunAsync("alerts", "test", "routes")).Expect(0).Lines[^1]);
        Assert.Contains("say how long", (await RunAsync("alerts", "silence", "routes")).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Equal("moving", StoreQueries.Json((await RunAsync("alerts", "silence", "routes", "--for", "2h", "--why", "moving", "-o", "json")).Expect(0).Text).Field("why"));
        Assert.Contains("moving", (await RunAsync("alerts", "silence")).Expect(0).Text, StringComparison.Ordinal);
        (await RunAsync("alerts", "silence", "routes", "--lift")).Expect(0);
        Assert.Equal(1, (await RunAsync("alerts", "silence")).ExitCode);
        Assert.Equal((await RunAsync("alerts")).Text, (await RunAsync("monitor", "alerts")).Expect(0).Text);
        Assert.Equal((await RunAsync("metrics")).Text, (await RunAsync("monitor", "metrics")).Expect(0).Text);
        await using (var observer = program.Start("alerts", "observe", "-rr", "1", "--data", _directory.Data))
        {
            await observer.WaitForOutputAsync(lines => lines.Count(line => line.Contains("totaltraffic ok", StringComparison.Ordinal)) > 1, "two looks");
            observer.Interrupt();
            (await observer.WaitForExitAsync()).Expect(0);
        }

        (await RunAsync("alerts", "delete", "routes")).Expect(0);
        Assert.Contains("there is no alert 'routes'; 'puppylog alerts' lists them", (await RunAsync("alerts", "get", "routes")).Expect(2).Errors, StringComparison.Ordinal);
        foreach (var command in (string[])["create", "observe", "get", "meta", "delete", "silence", "test", "replay", "notifiers"])
        {
            Assert.Contains("  puppylog alerts " + command, (await program.RunAsync("alerts", command, "--help")).Expect(0).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Configuration_makes_rules_and_notifiers_and_a_reload_changes_them()
    {
        var file = _directory["puppylog.yaml"];
        var yaml = $"""
            sources: [{"{"}path: {Log}{"}"}]
            alerts:
              - {"{"}id: busy, metric: total_traffic, window: 10, above: 2, title: Busy, samples: 0, notify: log{"}"}
            notifiers:
              - {"{"}name: log, type: file, path: told.jsonl{"}"}
              - {"{"}name: chat, type: slack, url: 'https://hooks.example.com/very-secret-path', token: very-secret-token{"}"}

            """;
        File.WriteAllText(file, yaml);
        File.WriteAllBytes(Log, []);
        (await RunAsync("metrics", "create", "--default")).Expect(0);
        Assert.DoesNotContain("very-secret-token", (await program.RunAsync("config", "show", file)).Expect(0).Text, StringComparison.Ordinal);
        Assert.Contains("puppylog.yaml:3:58: above: expected a number, found 'ten'", await CheckAsync(file, yaml.Replace("above: 2", "above: ten", StringComparison.Ordinal)), StringComparison.Ordinal);
        File.WriteAllText(file, yaml);
        await using var collector = program.Start("collect", "--config", file, "--watch", "--data", _directory.Data);
        await Eventually.HoldsAsync(async () => (await RunAsync("alerts")).Text.Contains("busy", StringComparison.Ordinal), () => "the rule was not there");
        AccessLines.Append(Log, Lines(0, 60, 5));
        await TellsAsync("Busy generated an alert");
        Assert.DoesNotContain("very-secret", await File.ReadAllTextAsync(Path.Combine(_directory.Data, "alerts.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("named in the configuration", (await RunAsync("alerts", "delete", "busy")).Expect(2).Errors, StringComparison.Ordinal);
        File.WriteAllText(file, yaml.Replace("above: 2", "above: 50", StringComparison.Ordinal));
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("is reloaded", StringComparison.Ordinal)), "the reload");
        AccessLines.Append(Log, Lines(300, 60, 5));
        await TellsAsync("Busy alert recovered");
        File.WriteAllText(file, $"sources: [{{path: {Log}}}]\n");
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => lines.Count(line => line.Contains("is reloaded", StringComparison.Ordinal)) == 2, "the second reload");
        await collector.StopAsync();
        Assert.DoesNotContain("busy", (await RunAsync("alerts")).Expect(0).Text, StringComparison.Ordinal);
        Assert.Contains("no notifiers", (await RunAsync("alerts", "notifiers")).Expect(0).Text, StringComparison.Ordinal);

        Task TellsAsync(string what) => Eventually.HoldsAsync(
            () => File.Exists(Told) && File.ReadAllText(Told).Contains(what, StringComparison.Ordinal), () => $"nobody was told '{what}': {string.Join('\n', collector.ErrorLines)}");
    }

    static byte[] Lines(int from, int count, int aSecond) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => AccessLines.Line(from + i, AccessLines.Start.AddSeconds(from + (i / aSecond))) + "\n")));

    async Task<string> CheckAsync(string file, string yaml)
    {
        File.WriteAllText(file, yaml);
        var result = await program.RunAsync("config", "check", file);
        Assert.Equal(2, result.ExitCode);
        return result.Text + result.Errors;
    }

    async Task<IEnumerable<string>> MessagesAsync(params string[] arguments)
    {
        var result = await RunAsync(["alerts", .. arguments, "-o", "json"]);
        return result.Expect(0).Lines.Select(StoreQueries.Json).Select(row => row.Field("message")).Where(message => message.Length > 0);
    }

    Task<ProgramResult> RunAsync(params string[] arguments) => program.RunAsync([.. arguments, "--data", _directory.Data]);

    static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PUPPYLOG_SEED"), CultureInfo.InvariantCulture, out var set) ? set : Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"PUPPYLOG_SEED={seed}");
        return seed;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
