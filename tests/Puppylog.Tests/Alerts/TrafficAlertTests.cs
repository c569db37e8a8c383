using Puppylog.Alerts;

namespace Puppylog.Tests.Alerts;

public sealed class TrafficAlertTests
{
    /// <summary>2026-11-21T14:00:00Z.</summary>
    const long Noon = 1_795_269_600;

    readonly TrafficAlert _alert = new(TrafficRule.Default);
    readonly List<AlertTransition> _told = [];

    [Fact]
    public void Traffic_below_the_threshold_says_nothing()
    {
        Play(Noon, 1000, _ => 9);
        Assert.Empty(_told);
    }

    [Fact]
    public void Traffic_at_the_threshold_says_nothing()
    {
        Play(Noon, 1000, _ => 10);
        Assert.Empty(_told);
        Assert.Equal(1200, _alert.Hits);
    }

    [Fact]
    public void One_hit_above_the_threshold_fires_and_its_leaving_does_not_recover_at_equality()
    {
        Play(Noon, 500, second => second == 300 ? 11 : 10);
        Assert.Equal(["High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:05:01Z"], Messages());
    }

    [Fact]
    public void Window_that_is_not_full_yet_is_divided_by_its_whole_length()
    {
        // 300 a second from the start: 1,200 hits after four seconds is equality, the fifth second passes it.
        Play(Noon, 10, _ => 300);
        Assert.Equal(["High traffic generated an alert - hits = 12.5, triggered at 2026-11-21T14:00:05Z"], Messages());
    }

    [Fact]
    public void Silence_recovers_by_time_alone()
    {
        _alert.Add(Noon, 1201);
        _alert.Advance(Noon + 60, _told);
        Assert.True(_alert.IsFiring);
        _alert.Advance(Noon + 1000, _told);
        Assert.Equal(
            [
                "High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:00:01Z",
                "High traffic alert recovered - hits = 0, recovered at 2026-11-21T14:02:01Z",
            ],
            Messages());
    }

    [Fact]
    public void Hit_counts_in_every_second_up_to_the_window_after_it_and_not_in_its_own()
    {
        var alert = new TrafficAlert(new TrafficRule(5, 0));
        alert.Add(Noon, 1);
        alert.Advance(Noon, _told);
        Assert.Empty(_told);
        alert.Advance(Noon + 1, _told);
        Assert.Single(_told);
        alert.Advance(Noon + 5, _told);
        Assert.Equal(1, alert.Hits);
        alert.Advance(Noon + 6, _told);
        Assert.Equal(0, alert.Hits);
    }

    [Fact]
    public void Oscillation_around_the_threshold_tells_every_crossing_once()
    {
        var alert = new TrafficAlert(new TrafficRule(2, 10));
        int[] hits = [10, 10, 11, 10, 10, 9, 10, 11, 11, 9, 9, 10];
        for (var second = 0; second < hits.Length; second++)
        {
            alert.Add(Noon + second, hits[second]);
            alert.Advance(Noon + second + 1, _told);
        }

        // Sums of two: 10 20 21 21 20 19 19 21 22 20 18 19
        Assert.Equal([(true, 3L), (false, 6L), (true, 8L), (false, 11L)], _told.Select(t => (t.Triggered, t.Time - Noon)));
        Assert.Equal(["10.5", "9.5", "10.5", "9"], _told.Select(t => t.Value));
    }

    [Fact]
    public void Gap_of_years_in_the_data_is_one_recovery_at_the_right_second()
    {
        _alert.Add(Noon, 5000);
        _alert.Add(Noon + (10L * 365 * 86_400), 5000);
        _alert.Advance(Noon + (20L * 365 * 86_400), _told);
        Assert.Equal([1L, 121L, (10L * 365 * 86_400) + 1, (10L * 365 * 86_400) + 121], _told.Select(t => t.Time - Noon));
        Assert.Equal([true, false, true, false], _told.Select(t => t.Triggered));
    }

    [Fact]
    public void Late_hit_counts_from_the_next_evaluation_while_it_lies_in_the_window()
    {
        _alert.Add(Noon, 1200);
        _alert.Advance(Noon + 100, _told);
        _alert.Add(Noon + 50, 1);
        Assert.Empty(_told);
        _alert.Advance(Noon + 130, _told);
        Assert.Equal(
            [
                "High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:01:41Z",
                "High traffic alert recovered - hits = 0.01, recovered at 2026-11-21T14:02:01Z",
            ],
            Messages());
    }

    [Fact]
    public void Hit_that_is_later_than_the_window_changes_nothing()
    {
        _alert.Advance(Noon + 121, _told);
        _alert.Add(Noon + 1, 100_000);
        _alert.Advance(Noon + 1000, _told);
        Assert.Empty(_told);
        _alert.Advance(Noon + 2000, _told);
        _alert.Add(Noon + 2000 - 119, 100_000);
        _alert.Advance(Noon + 2001, _told);
        Assert.Single(_told);
    }

    [Fact]
    public void Late_hit_does_not_take_back_what_was_told()
    {
        _alert.Add(Noon, 1201);
        _alert.Advance(Noon + 121, _told);
        Assert.Equal(2, _told.Count);
        _alert.Add(Noon + 2, 5000);
        _alert.Advance(Noon + 122, _told);
        Assert.Equal([true, false, true], _told.Select(t => t.Triggered));
        Assert.Equal(Noon + 122, _told[^1].Time);
    }

    [Fact]
    public void Restart_begins_with_an_empty_window_and_fires_again_where_traffic_is_still_high()
    {
        Play(Noon, 60, _ => 100);
        var restarted = new TrafficAlert(TrafficRule.Default);
        var told = new List<AlertTransition>();
        for (var second = 60; second < 120; second++)
        {
            restarted.Add(Noon + second, 100);
            restarted.Advance(Noon + second + 1, told);
        }

        Assert.Single(_told);
        Assert.Equal([Noon + 60 + 13], told.Select(t => t.Time));
    }

    [Theory]
    [InlineData(1201, 120, "10.01")]
    [InlineData(1200, 120, "10")]
    [InlineData(1500, 120, "12.5")]
    [InlineData(1320, 120, "11")]
    [InlineData(1, 200, "0.01")]
    [InlineData(201, 200, "1.01")]
    [InlineData(203, 200, "1.02")]
    [InlineData(1, 3, "0.33")]
    [InlineData(2, 3, "0.67")]
    [InlineData(1, 86_400, "0")]
    [InlineData(12_345_678_900, 1, "12345678900")]
    public void Value_has_at_most_two_decimals_half_away_from_zero(long hits, int window, string expected) =>
        Assert.Equal(expected, AlertTransition.FormatAverage(hits, window));

    [Fact]
    public void Fractional_threshold_is_compared_exactly()
    {
        var alert = new TrafficAlert(new TrafficRule(10, 0.1m));
        alert.Add(Noon, 1);
        alert.Advance(Noon + 100, _told);
        Assert.Empty(_told);
        alert.Add(Noon + 200, 2);
        alert.Advance(Noon + 300, _told);
        Assert.Equal([201L, 211L], _told.Select(t => t.Time - Noon));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(9_223_372_036)]
    [InlineData(-9_223_372_037)]
    [InlineData(253_370_764_800)]
    [InlineData(-62_135_596_800)]
    public void Hostile_times_neither_hang_nor_overflow(long second)
    {
        _alert.Add(second, long.MaxValue);
        _alert.Add(second, long.MaxValue);
        _alert.Add(Noon, 1201);
        _alert.Advance(long.MinValue, _told);
        _alert.Advance(Noon + 10, _told);
        _alert.Add(second, 5);
        _alert.Advance(long.MaxValue, _told);
        Assert.All(Messages(), message => Assert.StartsWith("High traffic", message, StringComparison.Ordinal));
        Assert.Contains(_told, t => t.Time == Noon + 1);
        Assert.False(_alert.IsFiring);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(86_401, 10)]
    [InlineData(120, -1)]
    public void Rule_out_of_range_is_refused(int window, int threshold) =>
        Assert.ThrowsAny<ArgumentException>(() => new TrafficRule(window, threshold));

    void Play(long start, int seconds, Func<int, int> hits)
    {
        for (var second = 0; second < seconds; second++)
        {
            _alert.Add(start + second, hits(second));
            _alert.Advance(start + second + 1, _told);
        }
    }

    IEnumerable<string> Messages() => _told.Select(t => t.Message);
}
