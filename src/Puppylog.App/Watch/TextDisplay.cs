using Puppylog.Alerts;
using Puppylog.App.Cli;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <summary>A block of text per interval; every alert message a line of its own.</summary>
sealed class TextDisplay(LineOutput output, TextWriter notices) : IWatchDisplay
{
    public void Alert(AlertTransition transition) => output.Write(transition.Message + "\n");

    public void Interval(TrafficSummary summary) => output.Write(TrafficText.Block(summary));

    public void Silence(long start, long end, long intervals) =>
        output.Write($"{TrafficText.Time(start)} .. {TrafficText.Time(end)}  no traffic ({TrafficText.Count(intervals)} {(intervals == 1 ? "interval" : "intervals")})\n");

    public void Unplaced(long invalid, long late) => output.Write(TrafficText.Remarks(invalid, late)[2..] + "\n");

    public void Notice(string sentence) => notices.WriteLine($"puppylog: {sentence}");
}
