using Puppylog.Alerts;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <summary>Shows what was watched, in the order in which it happened: blocks of text, lines of JSON, a dashboard.</summary>
interface IWatchDisplay
{
    void Alert(AlertTransition transition);

    /// <summary>An interval has ended.</summary>
    void Interval(TrafficSummary summary);

    /// <summary>Several intervals without traffic, at once.</summary>
    /// <param name="start">Seconds since 1970 UTC.</param>
    /// <param name="end">Seconds since 1970 UTC, not included.</param>
    /// <param name="intervals">How many.</param>
    void Silence(long start, long end, long intervals);

    /// <summary>At a replay's end: lines that no interval has told of.</summary>
    /// <param name="invalid">Lines that do not match the format.</param>
    /// <param name="late">Lines that came too late.</param>
    void Unplaced(long invalid, long late);

    /// <summary>Something about the source that people should know. May come from any thread, without the state's lock.</summary>
    void Notice(string sentence);
}
