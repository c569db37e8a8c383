using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Tests.Metrics;

namespace Puppylog.Tests.Watch;

/// <summary>Replays whose hits per second are counted beforehand.</summary>
public sealed class ReplayInAnyOrderTests
{
    /// <summary>2026-11-21T14:00:00Z.</summary>
    const long Noon = 1_795_269_600;

    [Fact]
    public void Messages_are_those_of_the_rule_whatever_the_order_of_the_lines() =>
        Prop.ForAll(
            Gen.Choose(0, 50_000).ListOf().ToArbitrary(),
            Gen.Choose(1, 300).ToArbitrary(),
            Gen.Choose(0, 3).ToArbitrary(),
            (seconds, window, limit) =>
            {
                var rule = new TrafficRule(window, (decimal)limit / window);
                var times = seconds.Select(second => Noon + (second / 10 % 2 == 0 ? second % 100 : second)).ToArray();
                return Play(rule, times, SecondCounts.DefaultMax).SequenceEqual(Expected(rule, times));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Log_of_more_seconds_than_are_kept_is_not_complete()
    {
        var counts = new SecondCounts(max: 3);
        foreach (var second in (long[])[1, 2, 3, 3])
        {
            counts.Take(TrafficBatch.Many(second, 1), 0);
        }

        Assert.True(counts.IsComplete);
        counts.Take(TrafficBatch.Many(4, 1), 0);
        counts.Take(TrafficBatch.Many(5, 1), 0);
        Assert.False(counts.IsComplete);
    }

    [Fact]
    public void Wrong_time_far_ahead_is_one_hit_of_its_second()
    {
        const long year2262 = 9_223_372_000;
        Assert.Equal(
            ["fire 2 at 1", "recover 0 at 2", $"fire 1 at {year2262 - Noon + 1}", $"recover 0 at {year2262 - Noon + 2}"],
            Play(new TrafficRule(1, 0.5m), [Noon, year2262, Noon], SecondCounts.DefaultMax));
    }

    static List<string> Play(TrafficRule rule, long[] times, int max)
    {
        var counts = new SecondCounts(max);
        var display = new RecordedDisplay(Noon);
        var replay = new ReplayTraffic(new WatchState(new("test", rule, 10)), display, counts);
        foreach (var sink in (ITrafficSink[])[counts, replay])
        {
            foreach (var time in times)
            {
                sink.Take(TrafficBatch.Many(time, 1), 0);
            }
        }

        replay.End();
        return display.Shown.FindAll(line => line.StartsWith("fire", StringComparison.Ordinal) || line.StartsWith("recover", StringComparison.Ordinal));
    }

    /// <summary>Every whole second, one after the other.</summary>
    static List<string> Expected(TrafficRule rule, long[] times)
    {
        var expected = new List<string>();
        if (times.Length == 0)
        {
            return expected;
        }

        var hits = times.GroupBy(time => time).ToDictionary(group => group.Key, group => group.LongCount());
        var (firing, sum) = (false, 0L);
        for (var t = times.Min(); t <= times.Max() + rule.Window + 1; t++)
        {
            sum += hits.GetValueOrDefault(t - 1) - hits.GetValueOrDefault(t - 1 - rule.Window);
            if (firing ? sum < rule.Limit : sum > rule.Limit)
            {
                firing = !firing;
                expected.Add($"{(firing ? "fire" : "recover")} {AlertTransition.FormatAverage(sum, rule.Window)} at {t - Noon}");
            }
        }

        return expected;
    }
}
