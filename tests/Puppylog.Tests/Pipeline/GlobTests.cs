namespace Puppylog.Tests.Pipeline;

public sealed class GlobTests
{
    [Fact]
    public async Task Files_that_match_are_read_and_others_are_not()
    {
        await using var bench = new CollectBench();
        Directory.CreateDirectory(bench.PathOf("x"));
        foreach (var name in new[] { "a.log", "b.log", "b.log.1", "x/c.log", ".hidden.log", "skip.log" })
        {
            File.WriteAllText(bench.PathOf(name), $"{name}\n");
        }

        bench.Options = bench.Options with { Excludes = [Puppylog.Sources.Globs.PathPattern.Parse(bench.PathOf("skip*"))] };
        await bench.RunAsync(bench.PathOf("*.log"));
        Assert.Equal(["a.log", "b.log"], bench.Store.Texts.Order());
        await bench.RunAsync(bench.PathOf("**/*.log"));
        Assert.Equal(["a.log", "b.log", "x/c.log"], bench.Store.Texts.Order());
    }

    [Fact]
    public async Task Pattern_that_matches_nothing_is_an_error_of_a_run_that_does_not_follow()
    {
        await using var bench = new CollectBench();
        var summary = await bench.RunAsync(bench.PathOf("*.log"));
        Assert.Equal([$"{bench.PathOf("*.log")}: no file matches"], summary.Failures);
    }

    [Fact]
    public async Task Files_that_appear_are_followed_and_those_that_go_are_let_go_of()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "a\n");
        await bench.WatchAsync(bench.PathOf("*.log"));
        await bench.PollAsync();
        File.WriteAllText(bench.PathOf("b.log"), "b\n");
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.PollAsync();
        Assert.Equal(["a", "b"], bench.Store.Texts);
        File.Delete(bench.PathOf("a.log"));
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await bench.PollAsync();
        Assert.Equal([bench.PathOf("*.log"), bench.PathOf("b.log")], bench.SourceNames.Order());
        File.WriteAllText(bench.PathOf("a.log"), "again\n");
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.PollAsync();
        Assert.Equal(["a", "b", "again"], bench.Store.Texts);
    }

    [Fact]
    public async Task From_the_end_on_a_file_that_appears_later_is_read_whole()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "old\n");
        bench.Options = bench.Options with { FromEnd = true };
        await bench.WatchAsync(bench.PathOf("*.log"));
        await bench.PollAsync();
        File.AppendAllText(bench.PathOf("a.log"), "new\n");
        File.WriteAllText(bench.PathOf("b.log"), "b\n");
        Directory.CreateDirectory(bench.PathOf("elsewhere"));
        File.WriteAllText(bench.PathOf("elsewhere/c.log"), "c\n");
        File.Move(bench.PathOf("elsewhere/c.log"), bench.PathOf("c.log"));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.PollAsync();
        Assert.Equal(["b", "c", "new"], bench.Store.Texts.Order());
    }

    [Fact]
    public async Task Rotated_file_that_matches_too_is_read_once()
    {
        await using var bench = new CollectBench();
        File.WriteAllText(bench.PathOf("a.log"), "1\n");
        await bench.WatchAsync(bench.PathOf("a.log*"));
        await bench.PollAsync();
        for (var i = 2; i < 6; i++)
        {
            File.Move(bench.PathOf("a.log"), bench.PathOf($"a.log.{i}"));
            File.WriteAllText(bench.PathOf("a.log"), $"{i}\n");
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await bench.PollLongAsync();
        }

        bench.Clock.Advance(TimeSpan.FromSeconds(100));
        await bench.PollAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(100));
        await bench.PollAsync();
        Assert.Equal(["1", "2", "3", "4", "5"], bench.Store.Texts);
        Assert.DoesNotContain(bench.Report.Notices, notice => notice.Contains("same file", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Hundreds_of_files_are_followed_and_stay_in_order_with_any_number_of_workers(int workers)
    {
        await using var bench = new CollectBench();
        bench.Options = bench.Options with { Workers = workers };
        for (var i = 0; i < 300; i++)
        {
            File.WriteAllText(bench.PathOf($"{i}.log"), $"{i} 0\n");
        }

        await bench.WatchAsync(bench.PathOf("*.log"));
        await bench.PollAsync();
        for (var round = 1; round < 4; round++)
        {
            for (var i = 0; i < 300; i += round)
            {
                File.AppendAllText(bench.PathOf($"{i}.log"), $"{i} {round}\n");
            }

            await bench.PollAsync();
        }

        foreach (var lines in bench.Store.Texts.GroupBy(text => text.Split(' ')[0]))
        {
            var i = int.Parse(lines.Key, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Enumerable.Range(0, 4).Where(round => round == 0 || i % round == 0).Select(round => $"{i} {round}"), lines);
        }

        Assert.Equal(300 + 300 + 150 + 100, bench.Store.Lines.Count);
    }
}
