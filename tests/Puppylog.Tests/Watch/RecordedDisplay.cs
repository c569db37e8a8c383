using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.Tests.Watch;

/// <summary>Keeps what was shown, a line per event, with seconds counted from a start.</summary>
sealed class RecordedDisplay(long start) : IWatchDisplay
{
    public List<string> Shown { get; } = [];

    public List<TrafficSummary> Summaries { get; } = [];

    public void Alert(AlertTransition transition) => Shown.Add($"{(transition.Triggered ? "fire" : "recover")} {transition.Value} at {transition.Time - start}");

    public void Interval(TrafficSummary summary)
    {
        Summaries.Add(summary);
        Shown.Add($"{summary.Start - start}-{summary.End - start}: {summary.Requests}"
            + (summary.Invalid > 0 ? $" invalid {summary.Invalid}" : "") + (summary.Late > 0 ? $" late {summary.Late}" : ""));
    }

    public void Silence(long from, long to, long intervals) => Shown.Add($"{from - start}-{to - start}: silence x{intervals}");

    public void Notice(string sentence) => Shown.Add(sentence);

    public void Unplaced(long invalid, long late) => Shown.Add($"unplaced {invalid} {late}");
}
