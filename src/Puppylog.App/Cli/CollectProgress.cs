using System.Globalization;
using Puppylog.App.Collecting;
using Puppylog.Pipeline;

namespace Puppylog.App.Cli;

/// <summary>A line on a terminal's stderr that shows how far collecting is and how fast; nothing when piped.</summary>
sealed class CollectProgress : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    readonly CollectorFile? _states;
    readonly CollectCounters _counters;
    readonly CollectReport _report;
    readonly TimeProvider _clock;
    readonly ITimer _timer;
    readonly Lock _drawing = new();
    bool _ended;
    long _since;
    long _lines;
    long _bytes;

    CollectProgress(CollectCounters counters, CollectReport report, TimeProvider clock, CollectorFile? states)
    {
        _states = states;
        _counters = counters;
        _report = report;
        _clock = clock;
        _since = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Draw(), null, Interval, Interval);
    }

    /// <summary>Null where stderr is no terminal.</summary>
    public static CollectProgress? Start(CollectCounters counters, CollectReport report, TimeProvider clock, CollectorFile? states = null) =>
        Console.IsErrorRedirected ? null : new CollectProgress(counters, report, clock, states);

    public void Dispose()
    {
        _timer.Dispose();
        lock (_drawing)
        {
            _ended = true;
        }

        _report.Progress("");
    }

    /// <summary><c>43% · 812,000 lines/s · 184.2 MB/s · 3 s left</c>.</summary>
    public static string Line(long bytes, long remaining, double linesPerSecond, double bytesPerSecond, int hindered = 0)
    {
        var troubles = hindered == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · {hindered:N0} {(hindered == 1 ? "source" : "sources")} cannot be read");
        var rates = string.Create(CultureInfo.InvariantCulture, $"{linesPerSecond:N0} lines/s · {CollectSummaryText.Size(bytesPerSecond)}/s{troubles}");
        if (remaining <= 0)
        {
            return rates;
        }

        var percent = 100.0 * bytes / (bytes + remaining);
        var left = bytesPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {Math.Ceiling(remaining / bytesPerSecond):N0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(percent):0}% · {rates}{left}");
    }

    void Draw()
    {
        lock (_drawing)
        {
            if (!_ended)
            {
                DrawNow();
            }
        }
    }

    void DrawNow()
    {
        var now = _clock.GetTimestamp();
        var seconds = Math.Max(0.001, _clock.GetElapsedTime(_since, now).TotalSeconds);
        var (lines, bytes) = (_counters.Read, _counters.Bytes);
        _report.Progress(Line(bytes, _counters.Remaining, (lines - _lines) / seconds, (bytes - _bytes) / seconds, _states?.Current?.Hindered ?? 0));
        (_since, _lines, _bytes) = (now, lines, bytes);
    }
}
