using Puppylog.Pipeline;
using Puppylog.Sources.Native;

namespace Puppylog.Tests.Pipeline;

/// <summary>More files than are looked at each time, and a system that does not tell of all of them.</summary>
public sealed class NotificationTests
{
    const int Files = 2 * LookSchedule.FewSources;

    [Fact]
    public async Task Files_beyond_the_last_watch_are_polled_and_that_is_said_once()
    {
        using var inotify = new FaultyInotify(watches: 20);
        await using var bench = await FollowAsync(() => (inotify, 0));
        Append(bench, 0, Files - 1);
        await bench.PollAsync();
        Assert.Equal(["more 0", $"more {Files - 1}"], bench.Store.Texts.Where(text => text.StartsWith("more", StringComparison.Ordinal)).Order());
        var said = Assert.Single(bench.Report.Notices, notice => notice.Contains("inotify", StringComparison.Ordinal));
        Assert.Contains("no inotify watches left", said, StringComparison.Ordinal);
        Assert.Contains("sysctl fs.inotify.max_user_watches=", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_instance_all_are_polled_and_that_is_said_once()
    {
        await using var bench = await FollowAsync(() => (null, 24));
        Append(bench, 3, Files - 1);
        await bench.PollAsync();
        Assert.Equal(2, bench.Store.Texts.Count(text => text.StartsWith("more", StringComparison.Ordinal)));
        Assert.Contains("sysctl fs.inotify.max_user_instances=", Assert.Single(bench.Report.Notices, notice => notice.Contains("inotify", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_overflow_all_are_looked_at_once_without_waiting()
    {
        using var inotify = new FaultyInotify(watches: 1000);
        await using var bench = await FollowAsync(() => (inotify, 0));
        for (var time = 0; time < 2; time++)
        {
            Append(bench, 1, 50, Files - 1);
            inotify.Overflows = true;
            await bench.PollWithoutTimeAsync();
        }

        Assert.Equal(6, bench.Store.Texts.Count(text => text.StartsWith("more", StringComparison.Ordinal)));
        Assert.Contains("nothing is lost", Assert.Single(bench.Report.Notices, notice => notice.Contains("inotify", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_get_lost_cost_half_a_minute_and_a_file_that_tells_of_its_news_is_not_polled()
    {
        using var inotify = new FaultyInotify(watches: 1000);
        await using var bench = await FollowAsync(() => (inotify, 0));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.PollAsync();
        inotify.IsDeaf = true;
        Append(bench, 7, 100);
        await bench.PollAsync();
        Assert.DoesNotContain(bench.Store.Texts, text => text.StartsWith("more", StringComparison.Ordinal));
        for (var time = TimeSpan.Zero; time <= LookSchedule.Round; time += TimeSpan.FromMilliseconds(500))
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
            await bench.StepAsync();
        }

        await bench.PollWithoutTimeAsync();
        Assert.Equal(2, bench.Store.Texts.Count(text => text.StartsWith("more", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Directory_that_is_made_again_is_watched_again()
    {
        using var inotify = new FaultyInotify(watches: 1000);
        await using var bench = new CollectBench { OpenInotify = () => (inotify, 0) };
        Directory.CreateDirectory(bench.PathOf("x"));
        File.WriteAllText(bench.PathOf("x/a.log"), "one\n");
        await bench.WatchAsync(bench.PathOf("x/a.log"));
        await bench.PollAsync();
        Directory.Delete(bench.PathOf("x"), recursive: true);
        await bench.PollAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await bench.PollAsync();
        Directory.CreateDirectory(bench.PathOf("x"));
        File.WriteAllText(bench.PathOf("x/a.log"), "two\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two"], bench.Store.Texts);
        Assert.True(Assert.Single(bench.Sources).TellsOfNews);
    }

    static async Task<CollectBench> FollowAsync(Func<(IInotify? Inotify, int Error)> open)
    {
        var bench = new CollectBench { OpenInotify = open };
        for (var i = 0; i < Files; i++)
        {
            File.WriteAllText(bench.PathOf($"{i:000}.log"), $"first {i}\n");
        }

        await bench.WatchAsync(bench.PathOf("*.log"));
        await bench.PollAsync();
        Assert.Equal(Files, bench.Store.Texts.Count());
        return bench;
    }

    static void Append(CollectBench bench, params int[] files)
    {
        foreach (var i in files)
        {
            File.AppendAllText(bench.PathOf($"{i:000}.log"), $"more {i}\n");
        }
    }
}
