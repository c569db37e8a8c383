using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;

namespace Puppylog.App.Tui;

/// <summary>Everything that the screen shows, and where one looks. Read and written under the watch state's lock.</summary>
sealed class DashboardModel(WatchState watch)
{
    public WatchState Watch { get; } = watch;

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; set; } = 80;

    /// <summary>Lines of the terminal.</summary>
    public int Height { get; set; } = 24;

    public ViewKind View { get; set; }

    public bool ShowsHelp { get; set; }

    public TailModel Tail { get; } = new();

    public Reading<StreamBoard> Streams { get; } = new();

    public ListPlace StreamPlace { get; } = new();

    public StreamOrder StreamOrder { get; set; }

    public Reading<MetricBoard> Metrics { get; } = new();

    public ListPlace MetricPlace { get; } = new();

    public ListPlace SegmentPlace { get; } = new();

    public Reading<AlertBoard> Alerts { get; } = new();

    public ListPlace AlertPlace { get; } = new();

    /// <summary>Seconds that a column of the rate's history covers.</summary>
    public int Zoom { get; set; } = 1;

    /// <summary>What was watched has ended: nothing more comes.</summary>
    public string? Ended { get; set; }

    /// <summary>The metric that is chosen; null before there are any.</summary>
    public string? Metric => Metrics.Value?.Metrics is { Count: > 0 } metrics ? metrics[Math.Min(MetricPlace.Selected, metrics.Count - 1)].Id : null;

    /// <summary>The alert that is chosen.</summary>
    public string Alert => AlertEntries[Math.Min(AlertPlace.Selected, AlertEntries.Count - 1)].Id;

    /// <summary>The traffic alert and those on metrics.</summary>
    public IReadOnlyList<AlertEntry> AlertEntries => [TrafficAlertBoard.Entry(Watch), .. Alerts.Value?.Alerts ?? []];
}
