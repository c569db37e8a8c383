using System.Globalization;
using Puppylog.Pipeline;
using Puppylog.Sources.Commands;
using Puppylog.Tests.Pipeline;

namespace Puppylog.Tests.Sources.Commands;

public sealed class CommandSourceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("printf 'one\\ntwo\\n'", "one,two", null)]
    [InlineData("printf 'one\\ntwo'; exit 3", "one,two", "ended with exit code 3")]
    [InlineData("echo one; kill -9 $$", "one", "was ended by signal 9")]
    [InlineData("cat; echo one", "one", null)]
    [InlineData("nonsense-that-is-no-command", "", "ended with exit code 127")]
    [InlineData("exec >&-; sleep 0.2; exit 4", "", "ended with exit code 4")]
    public async Task Command_is_run_once_where_nothing_is_followed(string command, string lines, string? failure)
    {
        await using var bench = new CollectBench();
        var summary = await bench.RunAsync($"exec:{command}").WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(lines, string.Join(',', bench.Store.Texts));
        Assert.Equal(failure is null ? [] : [$"exec:{command} {failure}"], summary.Failures);
        Assert.All(bench.Store.Lines, line => Assert.Equal(command, line.Fields["command"]));
    }

    [Fact]
    public async Task Command_that_ends_is_started_again_after_pauses_that_grow_and_that_is_said_once()
    {
        await using var bench = new CollectBench();
        await bench.WatchAsync("exec:echo line; exit 1");
        await UntilAsync(bench, () => Ends(bench) == 1);
        for (var (seconds, runs) = (1, 1); runs < 9; seconds = Math.Min(60, seconds * 2), runs++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            await StepsAsync(bench, 5);
            Assert.Equal(runs, Ends(bench));
            bench.Clock.Advance(TimeSpan.FromSeconds(0.6));
            await UntilAsync(bench, () => Ends(bench) == runs + 1);
        }

        Assert.Equal(["exec:echo line; exit 1 ended with exit code 1; it is started again in 1 s, and later each time it ends"], bench.Report.Notices.Where(notice => notice.Contains("ended", StringComparison.Ordinal)));

        // While it runs, no number: its end, from which the pause counts, is yet to be seen.
        static int Ends(CollectBench bench) => bench.Sources.OfType<CommandSource>().All(source => source.IsRunning) ? -1 : bench.Store.Lines.Count;
    }

    [Fact]
    public async Task Command_that_ran_for_long_is_started_again_soon()
    {
        await using var bench = new CollectBench();
        var flag = bench.PathOf("flag");
        await bench.WatchAsync($"exec:echo line; if [ -e {flag} ]; then while [ -e {flag} ]; do sleep 0.01; done; fi");
        for (var i = 1; i < 5; i++)
        {
            await UntilAsync(bench, () => bench.Store.Lines.Count == i && !bench.Sources.OfType<CommandSource>().All(source => source.IsRunning));
            bench.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        File.WriteAllText(flag, "");
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await UntilAsync(bench, () => bench.Store.Lines.Count == 5);
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        File.Delete(flag);
        await UntilAsync(bench, () => bench.Report.Notices.Count(notice => notice.Contains("again in 1 s", StringComparison.Ordinal)) == 2);
        bench.Clock.Advance(TimeSpan.FromSeconds(1.1));
        await UntilAsync(bench, () => bench.Store.Lines.Count == 6);
    }

    [Fact]
    public async Task What_a_command_says_on_stderr_is_passed_on_within_bounds()
    {
        await using var bench = new CollectBench();
        var summary = await bench.RunAsync("exec:for i in $(seq 1 500); do echo \"trouble $i\" >&2; done; echo done; printf last >&2").WaitAsync(TimeSpan.FromSeconds(30), Token);
        var said = bench.Report.Notices.Where(notice => !notice.EndsWith(": word", StringComparison.Ordinal)).ToList();
        Assert.Equal(11, said.Count);
        Assert.EndsWith("trouble 10", said[9], StringComparison.Ordinal);
        Assert.EndsWith(": 491 more lines on stderr", said[10], StringComparison.Ordinal);
        Assert.Equal(["done"], bench.Store.Texts);
        Assert.Empty(summary.Failures);
    }

    [Theory]
    [InlineData("trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.05; done", "ready,bye")]
    [InlineData("trap '' TERM; echo ready; sleep 1000 & while :; do sleep 1000; done", "ready")]
    [InlineData("echo ready; sleep 1000 & (sleep 1000; true)", "ready")]
    public async Task Stopping_ends_the_command_with_all_that_it_started_and_stores_its_last_words(string command, string lines)
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { Sources = [$"exec:echo $$ > {bench.PathOf("pid")}; {command}"], Watch = true };
        using var stop = new CancellationTokenSource();
        var run = new Collector(bench.Store, bench.Options, WordParser.Lookup, bench.Report, () => Stream.Null, TimeProvider.System).RunAsync(stop.Token);
        await UntilAsync(() => bench.Store.Lines.Count > 0);
        var group = int.Parse(File.ReadAllText(bench.PathOf("pid")), CultureInfo.InvariantCulture);
        Assert.Contains(group, Groups());
        await stop.CancelAsync();
        await run.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(lines, string.Join(',', bench.Store.Texts));
        await UntilAsync(() => !Groups().Contains(group));
    }

    /// <summary>The process groups that have a process that is alive.</summary>
    static List<int> Groups()
    {
        var groups = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                var rest = File.ReadAllText(Path.Combine(directory, "stat")).Split(") ")[^1].Split(' ');
                if (rest[0] is not ("Z" or "X"))
                {
                    groups.Add(int.Parse(rest[2], CultureInfo.InvariantCulture));
                }
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
            {
                // Not a process, or one that has just ended.
            }
        }

        return groups;
    }

    static async Task StepsAsync(CollectBench bench, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await bench.PollWithoutTimeAsync();
            await Task.Delay(10, Token);
        }
    }

    static async Task UntilAsync(CollectBench bench, Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "waited in vain");
            await bench.PollWithoutTimeAsync();
            await Task.Delay(10, Token);
        }
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "waited in vain");
            await Task.Delay(10, Token);
        }
    }
}
