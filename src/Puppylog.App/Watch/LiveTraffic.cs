using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>
/// Counts arrivals by the clock: a record counts in the second in which it was read, whatever its own time says. Intervals
/// begin when watching begins.
/// </summary>
sealed class LiveTraffic : ITrafficSink
{
    /// <summary>How often the clock is looked at: well below the second that the rule is evaluated by.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    readonly WatchState _state;
    readonly IWatchDisplay _display;
    readonly TimeProvider _clock;
    readonly SteadyClock _time;
    TrafficWindow _window;

    public LiveTraffic(WatchState state, IWatchDisplay display, TimeProvider clock)
    {
        _state = state;
        _display = display;
        _clock = clock;
        _time = new SteadyClock(clock);
        _window = new TrafficWindow(_time.Second);
        state.Current = _window;
        state.Now = _window.Start;
        state.Rates.Advance(_window.Start);
        state.Errors.Advance(_window.Start);
    }

    /// <summary>Reads the feed and watches the clock until the feed ends, fails or watching is cancelled.</summary>
    public async Task RunAsync(ITrafficFeed feed, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => feed.RunAsync(this, stop.Token), CancellationToken.None);
        try
        {
            while (!reading.IsCompleted)
            {
                await Task.WhenAny(reading, Task.Delay(Tick, _clock, stop.Token));
                stop.Token.ThrowIfCancellationRequested();
                CatchUp();
            }

            await reading;
            End();
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Take(RecordView records, long invalid)
    {
        lock (_state.Sync)
        {
            CatchUp();
            _window.AddInvalid(invalid);
            if (records.Count > 0)
            {
                var errors = _window.Errors;
                _window.Add(records);
                _state.Errors.Add(_state.Now, _window.Errors - errors);
                _state.Alert.Add(_state.Now, records.Count);
                _state.Rates.Add(_state.Now, records.Count);
                _state.Requests += records.Count;
                _state.Notice = null;
            }
        }
    }

    /// <summary>Nothing more can come, as where stdin has ended: tells what was gathered since the last interval.</summary>
    public void End()
    {
        lock (_state.Sync)
        {
            CatchUp();
            if (_window.Requests > 0)
            {
                _state.EndInterval(_state.Summarize(_window, Math.Max(_state.Now, _window.Start + 1)), _display);
            }
        }
    }

    /// <summary>Evaluates the seconds and ends the intervals that the clock has passed.</summary>
    public void CatchUp()
    {
        lock (_state.Sync)
        {
            _state.Now = _time.Second;
            _state.Rates.Advance(_state.Now);
            _state.Errors.Advance(_state.Now);
            var end = _window.Start + _state.Settings.Interval;
            if (_state.Now >= end)
            {
                _state.AdvanceAlert(end, _display);
                _state.EndInterval(_state.Summarize(_window, end), _display);
                var skipped = (_state.Now - end) / _state.Settings.Interval;
                var start = end + (skipped * _state.Settings.Interval);
                if (skipped > 0)
                {
                    _state.AdvanceAlert(start, _display);
                    _display.Silence(end, start, skipped);
                }

                _window = new TrafficWindow(start);
                _state.Current = _window;
            }

            _state.AdvanceAlert(_state.Now, _display);
        }
    }
}
