using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Records;
using Puppylog.Tests.Metrics;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Watch;

public sealed class LiveTrafficTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero);

    readonly PlayedClock _clock = new(Start);
    readonly WatchState _state = new(new WatchSettings("test", new TrafficRule(120, 10), 10));
    readonly RecordedDisplay _display = new(Start.ToUnixTimeSeconds());
    readonly LiveTraffic _traffic;

    public LiveTrafficTests() => _traffic = new LiveTraffic(_state, _display, _clock);

    [Fact]
    public void Hits_count_when_they_arrive_whatever_their_own_time()
    {
        Wait(3.5);
        _traffic.Take(TrafficBatch.Many(-5_000_000_000, 601), 0);
        _traffic.Take(TrafficBatch.Many(9_000_000_000, 600), 2);
        Assert.Empty(_display.Shown);
        Wait(0.5);
        Assert.Equal(["fire 10.01 at 4"], _display.Shown);
        Wait(200);
        Assert.Equal("0-10: 1201 invalid 2", _display.Shown[1]);
        Assert.Equal("recover 0 at 124", _display.Shown.Single(line => line.StartsWith("recover", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rule_is_evaluated_at_whole_seconds_whatever_the_interval()
    {
        for (var i = 0; i < 50; i++)
        {
            _traffic.Take(TrafficBatch.Many(0, 30), 0);
            Wait(0.1);
        }

        // 300 a second: 1,200 hits at T = 4 is equality, 1,500 at T = 5 fires.
        Assert.Equal(["fire 12.5 at 5"], _display.Shown);
    }

    [Fact]
    public void Interval_without_traffic_is_told_too()
    {
        Wait(20);
        Assert.Equal(["0-10: 0", "10-20: 0"], _display.Shown);
    }

    [Fact]
    public void Arrival_after_an_interval_counts_in_the_next_although_nobody_looked_at_the_clock()
    {
        _traffic.Take(TrafficBatch.Many(0, 1), 0);
        _clock.Advance(TimeSpan.FromSeconds(12));
        _traffic.Take(TrafficBatch.Many(0, 5), 0);
        _clock.Advance(TimeSpan.FromSeconds(8));
        _traffic.CatchUp();
        Assert.Equal(["0-10: 1", "10-20: 5"], _display.Shown);
    }

    [Fact]
    public void Machine_that_slept_wakes_with_one_block_a_silence_and_the_recovery_in_between()
    {
        _traffic.Take(TrafficBatch.Many(0, 5000), 0);
        _clock.Advance(TimeSpan.FromSeconds(605));
        _traffic.CatchUp();
        Assert.Equal(["fire 41.67 at 1", "0-10: 5000", "recover 0 at 121", "10-600: silence x59"], _display.Shown);
    }

    [Fact]
    public void Wall_clock_that_is_set_back_does_not_stop_time()
    {
        Wait(5);
        _clock.Set(Start - TimeSpan.FromHours(1));
        _traffic.Take(TrafficBatch.Many(0, 5000), 0);
        Wait(5);
        Assert.Equal(["fire 41.67 at 6", "0-10: 5000"], _display.Shown);
    }

    [Fact]
    public void Wall_clock_that_is_set_ahead_is_followed()
    {
        _traffic.Take(TrafficBatch.Many(0, 5000), 0);
        Wait(2);
        _clock.Set(Start + TimeSpan.FromDays(3650));
        Wait(0.1);
        Assert.Equal("recover 0 at 121", _display.Shown[2]);
        Assert.Equal(4, _display.Shown.Count);
    }

    [Fact]
    public async Task Feed_that_fails_ends_watching_with_its_error()
    {
        var failing = new FailingFeed();
        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => _traffic.RunAsync(failing, TestContext.Current.CancellationToken));
        Assert.Equal("gone", wrong.Message);
    }

    [Fact]
    public async Task Watching_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var watching = _traffic.RunAsync(new EndlessFeed(), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    void Wait(double seconds)
    {
        for (var ticks = (int)Math.Round(seconds * 10); ticks > 0; ticks--)
        {
            _clock.Advance(LiveTraffic.Tick);
            _traffic.CatchUp();
        }
    }

    sealed class FailingFeed : ITrafficFeed
    {
        public Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken) => throw new InvalidDataException("gone");
    }

    sealed class EndlessFeed : ITrafficFeed
    {
        public Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
