using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Records;
using Puppylog.Tests.Metrics;
using static Puppylog.Tests.Metrics.TrafficBatch;

namespace Puppylog.Tests.Watch;

public sealed class ReplayTrafficTests
{
    /// <summary>2026-11-21T14:00:00Z.</summary>
    const long Noon = 1_795_269_600;

    [Fact]
    public void Alert_recovers_after_the_logs_end()
    {
        var shown = Play(new TrafficRule(120, 10), [(0, 1201)]);
        Assert.Equal(["fire 10.01 at 1", "0-10: 1201", "recover 0 at 121"], shown);
    }

    [Fact]
    public void Lines_a_little_out_of_order_count_where_they_belong()
    {
        var shown = Play(new TrafficRule(5, 2), [(50, 4), (3, 11), (49, 7), (12, 1), (51, 0), (58, 3)]);
        Assert.Equal(
            [
                "fire 2.2 at 4", "recover 0 at 9", "0-10: 11", "10-20: 1", "20-40: silence x2",
                "40-50: 7", "fire 2.2 at 51", "recover 0.8 at 55", "50-60: 7",
            ],
            shown);
    }

    [Fact]
    public void Long_silence_is_one_line_with_the_recovery_at_its_place()
    {
        var shown = Play(new TrafficRule(120, 1), [(5, 500), (86_400, 1), (86_401, 1)]);
        Assert.Equal(["fire 4.17 at 6", "0-10: 500", "recover 0 at 126", "10-86400: silence x8639", "86400-86410: 2"], shown);
    }

    [Fact]
    public void Single_wrong_time_ahead_does_not_make_what_follows_late()
    {
        const long year2262 = 9_223_372_030 - Noon;
        var shown = Play(new TrafficRule(120, 1), [(0, 1), (year2262, 1), (1, 200), (100, 1), (400, 1)]);
        Assert.Equal("0-10: 201", shown[1]);
        Assert.Equal(["fire 1.68 at 2", "recover 0.01 at 122"], shown.Where(s => s.Contains("fire", StringComparison.Ordinal) || s.Contains("recover", StringComparison.Ordinal)));
        Assert.DoesNotContain(shown, s => s.Contains("late", StringComparison.Ordinal));
    }

    [Fact]
    public void Line_that_is_too_late_is_told_with_the_next_interval_and_changes_no_message()
    {
        var shown = Play(new TrafficRule(120, 10), [(0, 1), (200, 1), (0, 3), (205, 1), (300, 1)]);
        Assert.Equal(["0-10: 1", "10-200: silence x19", "200-210: 2 late 3", "210-300: silence x9", "300-310: 1"], shown);
    }

    [Fact]
    public void Log_without_a_valid_line_is_told()
    {
        var display = new RecordedDisplay(Noon);
        var replay = new ReplayTraffic(new WatchState(new("t", TrafficRule.Default, 10)), display);
        replay.Take(Of(), 7);
        replay.End();
        Assert.Equal(["unplaced 7 0"], display.Shown);
    }

    [Fact]
    public void Hostile_times_end_in_bounded_time()
    {
        var random = new System.Random(7);
        var times = new (long, int)[20_000];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = (random.NextInt64(long.MinValue / Timestamps.Second, long.MaxValue / Timestamps.Second) - Noon, 1);
        }

        Assert.NotEmpty(Play(new TrafficRule(1, 0), times));
    }

    [Fact]
    public void Alerts_of_a_log_in_any_nearly_sorted_order_are_those_of_the_rule()
    {
        var hit = from step in Gen.Frequency((8, Gen.Choose(0, 2)), (1, Gen.Choose(3, 200)))
                  from back in Gen.Choose(0, ReplayTraffic.Lag / 2)
                  from count in Gen.Choose(1, 9)
                  select (step, back, count);
        Prop.ForAll(hit.ListOf().ToArbitrary(), Gen.Choose(1, 30).ToArbitrary(), (hits, window) =>
        {
            long time = 1000;
            var lines = new List<(long, int)>();
            foreach (var (step, back, count) in hits)
            {
                time += step;
                lines.Add((time - back, count));
            }

            var rule = new TrafficRule(window, 0.5m);
            var alert = new TrafficAlert(rule);
            var expected = new List<AlertTransition>();
            foreach (var (second, count) in lines)
            {
                alert.Add(Noon + second, count);
            }

            alert.Advance(Noon + time + window + 1, expected);
            var told = Play(rule, [.. lines]).Where(s => !s.Contains(':', StringComparison.Ordinal));
            return told.SequenceEqual(expected.Select(t => $"{(t.Triggered ? "fire" : "recover")} {t.Value} at {t.Time - Noon}"));
        }).QuickCheckThrowOnFailure();
    }

    static List<string> Play(TrafficRule rule, (long Second, int Hits)[] lines)
    {
        var display = new RecordedDisplay(Noon);
        var replay = new ReplayTraffic(new WatchState(new("test", rule, 10)), display);
        foreach (var chunk in lines.Chunk(3))
        {
            replay.Take(Of([.. chunk.SelectMany(line => Enumerable.Repeat(new Hit("/a/b", Second: Noon + line.Second), line.Hits))]), 0);
        }

        replay.End();
        return display.Shown;
    }
}
