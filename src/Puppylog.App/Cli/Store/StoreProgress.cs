using System.Globalization;

namespace Puppylog.App.Cli.Store;

/// <summary>A line on a terminal's stderr that shows how far a long command is and how fast; nothing when piped.</summary>
sealed class StoreProgress : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    readonly CollectReport _report = new(Console.Error);
    readonly Func<(long Done, long Total)> _bytes;
    readonly TimeProvider _clock;
    readonly long _started;
    readonly ITimer _timer;
    readonly Lock _drawing = new();
    bool _ended;

    StoreProgress(Func<(long Done, long Total)> bytes, TimeProvider clock)
    {
        _bytes = bytes;
        _clock = clock;
        _started = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Draw(), null, Interval, Interval);
    }

    /// <summary>Null where stderr is no terminal.</summary>
    /// <param name="bytes">Bytes done and to do; a total of 0: not known.</param>
    /// <param name="clock">For rate and time left.</param>
    public static StoreProgress? Start(Func<(long Done, long Total)> bytes, TimeProvider clock) =>
        Console.IsErrorRedirected ? null : new StoreProgress(bytes, clock);

    /// <summary><c>43% · 184.2 MB/s · 3 s left</c>.</summary>
    public static string Line(long done, long total, double seconds)
    {
        var rate = done / Math.Max(0.001, seconds);
        var speed = $"{CollectSummaryText.Size(rate)}/s";
        if (total <= 0 || done > total)
        {
            return $"{CollectSummaryText.Size(done)} · {speed}";
        }

        var left = rate > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {Math.Ceiling((total - done) / rate):N0} s left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100.0 * done / total):0}% · {speed}{left}");
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_drawing)
        {
            _ended = true;
        }

        _report.Progress("");
    }

    void Draw()
    {
        lock (_drawing)
        {
            if (!_ended)
            {
                var (done, total) = _bytes();
                _report.Progress(Line(done, total, _clock.GetElapsedTime(_started).TotalSeconds));
            }
        }
    }
}
