using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Views;
using Puppylog.App.Watch.Boards;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Tui;

/// <summary>
/// Reads what the views show beside the records that come: each while it is looked at, and the seldomer the longer it takes.
/// </summary>
sealed class BoardPoller(DashboardModel model, IBoards boards, TimeProvider clock)
{
    /// <summary>How often it is looked whether something is due.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A reading may take one part in so many of the time.</summary>
    const int Share = 20;

    /// <summary>Records that the store had before, for the tail.</summary>
    const int HistoryRecords = 1000;

    readonly Dictionary<ViewKind, long> _due = [];
    int _asked = -1;
    string? _metric;
    int _width;
    string? _alert;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await StepAsync(cancellationToken);
            await Task.Delay(Tick, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads what is due.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        ViewKind view;
        (string? Metric, int Width, string? Alert) chosen;
        TailFilter filter;
        int version;
        lock (model.Watch.Sync)
        {
            (view, chosen, filter, version) = (model.View, (model.Metric, model.Width, model.View == ViewKind.Alerts ? model.Alert : null), model.Tail.Filter, model.Tail.Version);
        }

        if (view == ViewKind.Tail && version != _asked)
        {
            _asked = version;
            await SearchAsync(filter, version, cancellationToken);
        }

        if (view == ViewKind.Metrics && (chosen.Metric, chosen.Width) != (_metric, _width))
        {
            (_metric, _width) = (chosen.Metric, chosen.Width);
            _due.Remove(ViewKind.Metrics);
        }

        if (chosen.Alert != _alert)
        {
            _alert = chosen.Alert;
            _due.Remove(ViewKind.Alerts);
        }

        if (view == ViewKind.Streams)
        {
            await ReadAsync(view, model.Streams, boards.ReadStreamsAsync, cancellationToken);
        }
        else if (view == ViewKind.Metrics)
        {
            await ReadAsync(view, model.Metrics, cancel => boards.ReadMetricsAsync(chosen.Metric, MetricsView.Periods(chosen.Width), cancel), cancellationToken);
        }

        // Also where it is not looked at: what fires is said everywhere.
        await ReadAsync(ViewKind.Alerts, model.Alerts, cancel => boards.ReadAlertsAsync(_alert, cancel), cancellationToken);
    }

    async Task ReadAsync<T>(ViewKind view, Reading<T> reading, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var begin = clock.GetTimestamp();
        if (_due.TryGetValue(view, out var due) && begin < due)
        {
            return;
        }

        var (value, failure) = await TryAsync(read, cancellationToken);
        lock (model.Watch.Sync)
        {
            if (value is not null)
            {
                reading.Take(value);
            }
            else if (failure is not null)
            {
                reading.Fail(failure);
            }
        }

        var pause = clock.GetElapsedTime(begin) * Share;
        _due[view] = clock.GetTimestamp() + (long)((pause > Pause ? pause : Pause).TotalSeconds * clock.TimestampFrequency);
    }

    async Task SearchAsync(TailFilter filter, int version, CancellationToken cancellationToken)
    {
        lock (model.Watch.Sync)
        {
            model.Tail.IsSearching = true;
        }

        var (found, failure) = await TryAsync<object>(async cancel => (await boards.SearchAsync(filter, HistoryRecords, cancel))!, cancellationToken);
        lock (model.Watch.Sync)
        {
            model.Tail.IsSearching = false;
            if (found is ValueTuple<IReadOnlyList<TailRecord>, long> history)
            {
                model.Tail.TakeHistory(version, history.Item1, history.Item2);
            }
            else if (failure is not null)
            {
                model.Watch.Notice = $"what there was before cannot be searched: {failure}";
            }
        }
    }

    /// <summary>The faults of a store and of the way to it are shown; a bug ends the dashboard.</summary>
    static async Task<(T? Value, string? Failure)> TryAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await read(cancellationToken), null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (Exception fault) when (fault is LogStoreException or CorruptDataException or QueryMemoryException or IOException or UnauthorizedAccessException or HttpRequestException or OperationCanceledException)
        {
            return (null, fault.Message);
        }
    }
}
