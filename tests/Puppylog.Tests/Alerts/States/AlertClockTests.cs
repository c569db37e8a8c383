using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.States;

public sealed class AlertClockTests
{
    const long Wall = 1_800_000_000;
    const long Hour = 3600;

    readonly AlertClock _clock = new();

    [Fact]
    public void Newest_live_record_leads_and_never_back()
    {
        Hear(0, 0, -3, -1);
        Assert.Equal(Wall - 1, _clock.Second);
        Hear(1, 1, -20);
        Assert.Equal(Wall - 1, _clock.Second);
    }

    [Fact]
    public void Time_goes_on_when_sources_fall_silent()
    {
        Hear(0, 0, 0);
        _clock.Tick(Wall + 1, TimeSpan.FromSeconds(1));
        Assert.Equal(Wall, _clock.Second);
        _clock.Tick(Wall + 60, TimeSpan.FromSeconds(60));
        Assert.Equal(Wall + 58, _clock.Second);
    }

    [Fact]
    public void Silence_follows_the_monotonic_clock_when_the_wall_clock_jumps()
    {
        Hear(0, 0, 0);
        _clock.Tick(Wall - (50 * Hour), TimeSpan.FromSeconds(10));
        Assert.Equal(Wall + 8, _clock.Second);
        _clock.Tick(Wall + (50 * Hour), TimeSpan.FromSeconds(20));
        Assert.Equal(Wall + 18, _clock.Second);
    }

    [Fact]
    public void Old_log_beside_live_records_does_not_move_time()
    {
        Hear(0, 0, 0);
        Hear(1, 1, -50 * Hour);
        Hear(1, 1, -50 * Hour, 1);
        Assert.Equal(Wall + 1, _clock.Second);
    }

    [Fact]
    public void Old_log_alone_leads_and_then_goes_on_by_itself()
    {
        Hear(0, 0, -50 * Hour);
        Hear(0, 0, (-50 * Hour) + 900);
        Assert.Equal(Wall - (50 * Hour) + 900, _clock.Second);
        _clock.Tick(Wall + 5, TimeSpan.FromSeconds(5));
        Assert.Equal(Wall - (50 * Hour) + 903, _clock.Second);
    }

    [Fact]
    public void Record_from_the_future_moves_nothing_while_others_are_live()
    {
        Hear(0, 0, 0);
        Hear(1, 1, 24 * Hour);
        Hear(2, 2, 24 * Hour);
        Assert.Equal(Wall, _clock.Second);
    }

    [Fact]
    public void More_than_an_hour_ahead_in_an_old_log_takes_two_in_a_row()
    {
        Hear(0, 0, -50 * Hour);
        Hear(0, 0, -40 * Hour);
        Hear(0, 0, -50 * Hour);
        Hear(0, 0, -40 * Hour);
        Assert.Equal(Wall - (50 * Hour), _clock.Second);
        Hear(0, 0, -40 * Hour);
        Assert.Equal(Wall - (40 * Hour), _clock.Second);
    }

    [Fact]
    public void Live_records_set_back_a_clock_that_had_followed_a_wrong_one()
    {
        Hear(0, 0, 30 * Hour);
        Assert.Equal(Wall + (30 * Hour), _clock.Second);
        Assert.True(_clock.Hear([Wall], Wall, TimeSpan.Zero));
        Assert.Equal(Wall, _clock.Second);
    }

    [Fact]
    public void After_a_restart_the_records_of_the_pause_lead_first()
    {
        var clock = new AlertClock(Wall, wasLive: true);
        clock.Tick(Wall + (2 * Hour), TimeSpan.Zero);
        clock.Hear([Wall + 10], Wall + (2 * Hour), TimeSpan.FromSeconds(1));
        Assert.Equal(Wall + 10, clock.Second);
    }

    [Fact]
    public void After_a_restart_in_silence_time_goes_on_with_the_wall_clock()
    {
        var clock = new AlertClock(Wall, wasLive: true);
        clock.Tick(Wall + (2 * Hour), TimeSpan.Zero);
        clock.Tick(Wall + (2 * Hour) + 9, TimeSpan.FromSeconds(9));
        Assert.Equal(Wall, clock.Second);
        clock.Tick(Wall + (2 * Hour) + 10, TimeSpan.FromSeconds(10));
        Assert.Equal(Wall + (2 * Hour) + 8, clock.Second);
    }

    void Hear(long wall, double elapsed, params long[] seconds) =>
        _clock.Hear(seconds.Select(second => Wall + second), Wall + wall, TimeSpan.FromSeconds(elapsed));
}
