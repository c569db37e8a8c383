using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>monitor</c>, piped: blocks of traffic, and the alert lines as issue 2 words them.</summary>
public sealed partial class MonitorTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1, 120, 10)]
    [InlineData(2, 30, 4)]
    [InlineData(3, 7, 3)]
    [InlineData(4, 1, 12)]
    public async Task A_replayed_file_gives_exactly_the_alerts_that_its_times_say(int seed, int window, int threshold)
    {
        var seconds = Traffic(seed);
        Write(seconds);
        var expected = Alerts(seconds, window, threshold).ToList();
        Assert.NotEmpty(expected);
        Assert.Contains("recovered", expected[^1], StringComparison.Ordinal);
        var result = (await program.RunAsync("monitor", "-s", Log, "--replay", "--window", Text(window), "--threshold", Text(threshold))).Expect(0);
        Assert.Equal(expected, AlertLines(result.Lines));
    }

    [Fact]
    public async Task A_replayed_block_names_the_busiest_section()
    {
        File.WriteAllLines(Log, [.. Enumerable.Range(0, 30).Select(i => AccessLines.Line(i, AccessLines.Start.AddSeconds(i / 3), i % 3 == 0 ? "rare" : "busy"))]);
        var result = (await program.RunAsync("monitor", "-s", Log, "--replay")).Expect(0);
        Assert.InRange(result.Text.IndexOf("/busy", StringComparison.Ordinal), 0, result.Text.IndexOf("/rare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Live_traffic_raises_the_alert_and_silence_ends_it()
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 1000));
        await using var monitor = program.Start("monitor", "-s", Log, "--interval", "1", "--window", "4", "--threshold", "5");
        await monitor.WaitForOutputAsync(lines => lines.Length > 0, "the first block");
        Assert.Empty(AlertLines(monitor.OutputLines));
        AccessLines.Append(Log, AccessLines.Lines(1000, 400));
        await monitor.WaitForOutputAsync(lines => AlertLines(lines).Length == 1, "the alert");
        await monitor.WaitForOutputAsync(lines => AlertLines(lines).Length == 2, "the recovery");
        monitor.Interrupt();
        var alerts = AlertLines((await monitor.WaitForExitAsync()).Expect(0).Lines);
        Assert.Equal(2, alerts.Length);
        Assert.Matches(Fired(), alerts[0]);
        Assert.Matches(Recovered(), alerts[1]);
    }

    [Fact]
    public async Task A_running_collector_is_watched_through_its_store()
    {
        await using var collector = program.Start("collect", "-s", Log, "--watch", "--now", "--data", _directory.Data);
        File.WriteAllBytes(Log, AccessLines.Lines(0, 10));
        await program.WaitForCountAsync(_directory.Data, 10, collector);
        await using var monitor = program.Start("monitor", "--data", _directory.Data, "--interval", "1", "--window", "4", "--threshold", "5");
        await monitor.WaitForOutputAsync(lines => lines.Length > 0, "the first block");
        AccessLines.Append(Log, AccessLines.Lines(10, 400));
        await monitor.WaitForOutputAsync(lines => lines.Any(line => line.Contains("/seq", StringComparison.Ordinal)), "the section");
        await monitor.WaitForOutputAsync(lines => AlertLines(lines).Length == 2, "alert and recovery");
        monitor.Terminate();
        (await monitor.WaitForExitAsync()).Expect(0);
        await collector.StopAsync();
    }

    /// <summary>Hits per second: calm, bursts around any threshold, gaps, and a burst at the end.</summary>
    static int[] Traffic(int seed)
    {
        var random = new Random(seed);
        var seconds = new int[1500];
        for (var at = 0; at < seconds.Length;)
        {
            var (level, length) = (random.Next(4) == 0 ? 0 : random.Next(25), random.Next(1, 200));
            for (; length > 0 && at < seconds.Length; length--, at++)
            {
                seconds[at] = random.Next(3) == 0 ? level : random.Next(level + 1);
            }
        }

        seconds[0] = 1;
        seconds.AsSpan(^40..).Fill(60);
        return seconds;
    }

    void Write(int[] seconds)
    {
        var text = new StringBuilder();
        var number = 0;
        for (var second = 0; second < seconds.Length; second++)
        {
            for (var hit = 0; hit < seconds[second]; hit++)
            {
                text.Append(AccessLines.Line(number++, AccessLines.Start.AddSeconds(second), $"s{number % 5}")).Append('\n');
            }
        }

        File.WriteAllText(Log, text.ToString());
    }

    /// <summary>The rule of issue 2, as plainly as it can be computed.</summary>
    static IEnumerable<string> Alerts(int[] seconds, int window, int threshold)
    {
        var firing = false;
        for (var t = 0; t <= seconds.Length + window; t++)
        {
            var hits = Enumerable.Range(t - window, window).Where(second => second >= 0 && second < seconds.Length).Sum(second => seconds[second]);
            var value = Math.Round(hits / (decimal)window, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
            var time = AccessLines.Start.AddSeconds(t).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (!firing && hits > threshold * window)
            {
                firing = true;
                yield return $"High traffic generated an alert - hits = {value}, triggered at {time}";
            }
            else if (firing && hits < threshold * window)
            {
                firing = false;
                yield return $"High traffic alert recovered - hits = {value}, recovered at {time}";
            }
        }
    }

    static string[] AlertLines(string[] lines) => [.. lines.Where(line => line.StartsWith("High traffic", StringComparison.Ordinal))];

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^High traffic generated an alert - hits = \d+(\.\d{1,2})?, triggered at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", RegexOptions.CultureInvariant)]
    private static partial Regex Fired();

    [GeneratedRegex(@"^High traffic alert recovered - hits = \d+(\.\d{1,2})?, recovered at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", RegexOptions.CultureInvariant)]
    private static partial Regex Recovered();
}
