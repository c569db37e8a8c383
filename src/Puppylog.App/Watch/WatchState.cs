using Puppylog.Alerts;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <summary>What a dashboard shows. Read and written under <see cref="Sync"/>.</summary>
sealed class WatchState(WatchSettings settings)
{
    /// <summary>Crossings that are kept for the alert panel and the end of the run.</summary>
    const int MaxHistory = 1000;

    /// <summary>Of the rates: wide terminals show 15 s a column.</summary>
    const int HistorySeconds = 8192;

    readonly List<AlertTransition> _fresh = [];
    TrafficSummary? _running;

    public Lock Sync { get; } = new();

    public WatchSettings Settings { get; } = settings;

    public TrafficAlert Alert { get; } = new(settings.Rule);

    public RateHistory Rates { get; } = new(HistorySeconds);

    /// <summary>Failed requests (status 5xx) per second.</summary>
    public RateHistory Errors { get; } = new(HistorySeconds);

    /// <summary>The latest crossings, oldest first.</summary>
    public List<AlertTransition> History { get; } = [];

    /// <summary>The last interval that ended; null before the first.</summary>
    public TrafficSummary? Last { get; set; }

    /// <summary>The interval that is being gathered.</summary>
    public TrafficWindow? Current { get; set; }

    /// <summary>Seconds since 1970 UTC: the clock's, or in a replay the log's.</summary>
    public long Now { get; set; }

    /// <summary>What people should know of the source at the moment; null: nothing.</summary>
    public string? Notice { get; set; }

    /// <summary>Since the start.</summary>
    public long Requests { get; set; }

    /// <summary>Evaluates the rule up to a second and tells the crossings.</summary>
    public void AdvanceAlert(long second, IWatchDisplay display)
    {
        _fresh.Clear();
        Alert.Advance(second, _fresh);
        foreach (var transition in _fresh)
        {
            History.Add(transition);
            display.Alert(transition);
        }

        if (History.Count > MaxHistory)
        {
            History.RemoveRange(0, History.Count - MaxHistory);
        }
    }

    /// <summary>The last interval that ended, or the first while it runs, as it was at the last second.</summary>
    public TrafficSummary Shown()
    {
        if (Last is { } last)
        {
            return last;
        }

        if (_running is null || _running.End != Now)
        {
            var window = Current ?? new TrafficWindow(Now);
            _running = Summarize(window, Math.Max(Now, window.Start + 1));
        }

        return _running;
    }

    /// <summary>As many sections and routes as are shown.</summary>
    public TrafficSummary Summarize(TrafficWindow window, long end) => window.Summarize(end, Settings.Sections, Settings.Routes);

    public void EndInterval(TrafficSummary summary, IWatchDisplay display)
    {
        Last = summary;
        display.Interval(summary);
    }
}
