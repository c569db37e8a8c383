using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Watching;

/// <summary>Finds the newest lines of what made an alert fire.</summary>
/// <param name="directory">The data directory.</param>
/// <param name="store">The store.</param>
/// <param name="clock">What time it is.</param>
sealed class CauseLines(string directory, ILogStore store, TimeProvider clock)
{
    /// <summary>For all that fires within <see cref="Round"/>: a notice without lines is better than a late one.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    long _began;
    TimeSpan _spent;

    /// <summary>Empty where they cannot be found in time. Too few records have no lines to show. One caller at a time.</summary>
    public IEnumerable<string> Find(AlertRule rule, AlertSignal signal)
    {
        if (signal.Cause is AlertCause.NoData || rule.Comparison is Comparison.Below)
        {
            return [];
        }

        var now = clock.GetTimestamp();
        if (clock.GetElapsedTime(_began, now) >= Round)
        {
            (_began, _spent) = (now, TimeSpan.Zero);
        }

        if (_spent >= Patience)
        {
            return [];
        }

        try
        {
            using var patience = new CancellationTokenSource(Patience - _spent, clock);
            return FindAsync(rule, signal, patience.Token).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is OperationCanceledException or LogStoreException or CorruptDataException or LogsqlException or QueryMemoryException)
        {
            return [];
        }
        finally
        {
            _spent += clock.GetElapsedTime(now);
        }
    }

    async Task<IEnumerable<string>> FindAsync(AlertRule rule, AlertSignal signal, CancellationToken cancellation)
    {
        if (StoreMetrics.List(directory).FirstOrDefault(row => row.Id == rule.Metric.Id) is not { } row)
        {
            return [];
        }

        var metric = MetricDefinition.Parse(row.Id, row.Definition);
        // Of several fields nobody can tell whose comma it is.
        var segment = signal.Segment.Length > 0 && signal.Segment != MetricDefinition.Other && metric.Segments.Length == 1
            ? $" {Quoting.Word(metric.Segments[0])}:={Quoting.Always(signal.Segment)}" : "";
        var (from, until) = (AlertText.Time(signal.Time - rule.Window), AlertText.Time(signal.Time));
        var text = $"_time:[{from}, {until}) ({metric.Filter}){segment} | sort by (_time desc) limit {rule.Samples} | fields _msg";
        var lines = new Lines();
        await store.QueryAsync(QueryParser.Parse(text, Timestamps.Now(clock)), lines, cancellation).ConfigureAwait(false);
        lines.Found.Reverse();
        return lines.Found;
    }

    sealed class Lines : IResultSink
    {
        public List<string> Found { get; } = [];

        public bool ReadsRaw => false;

        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            if (view.Column(FieldNames.Message) is { } messages)
            {
                foreach (var row in rows)
                {
                    Found.Add(System.Text.Encoding.UTF8.GetString(messages.Value(row)));
                }
            }

            return true;
        }
    }
}
