namespace Puppylog.Alerts.States;

/// <summary>
/// The second up to which alerts are evaluated: that of the newest records, which goes on by itself when they stop.
/// Knows no clock: what a clock shows is handed in. Not thread-safe.
/// </summary>
/// <remarks>
/// Records within an hour of the wall clock are live and lead. Others are old logs or wrong clocks: they lead only where
/// nothing live was ever seen, and more than an hour ahead only by the second batch in a row.
/// </remarks>
sealed class AlertClock
{
    /// <summary>Seconds.</summary>
    public const long Near = 3600;

    /// <summary>Seconds of silence after which time goes on without records, and by which it then stays behind.</summary>
    public const long Silence = 2;

    /// <summary>Seconds of silence after a restart: sources have to find their places first.</summary>
    public const long SilenceAtStart = 10;

    bool _live;
    bool _aheadBefore;
    long? _doubted;
    TimeSpan? _heard;
    long _heardAt;
    long _patience = Silence;

    /// <param name="kept">The second that was kept before a restart.</param>
    /// <param name="wasLive">Whether it was led by live records.</param>
    public AlertClock(long? kept = null, bool wasLive = false)
    {
        Second = kept;
        WasLive = wasLive;
        if (kept is { } second)
        {
            (_heardAt, _patience) = (second, SilenceAtStart);
        }
    }

    /// <summary>None before the first record.</summary>
    public long? Second { get; private set; }

    /// <summary>Whether live records have led, now or before the restart.</summary>
    public bool WasLive { get; private set; }

    /// <summary>Records were committed.</summary>
    /// <param name="seconds">Times of them, or at least the newest one within and without an hour of the wall clock.</param>
    /// <param name="wall">What the wall clock shows, seconds since 1970 UTC.</param>
    /// <param name="elapsed">A monotonic clock.</param>
    /// <returns>True where the clock was set back by more than <see cref="Near"/>: it had followed a wrong clock.</returns>
    public bool Hear(IEnumerable<long> seconds, long wall, TimeSpan elapsed)
    {
        long? near = null, newest = null;
        foreach (var second in seconds)
        {
            newest = newest >= second ? newest : second;
            if (Math.Abs(second - wall) <= Near && !(near >= second))
            {
                near = second;
            }
        }

        if (near is { } live)
        {
            (_live, WasLive, _aheadBefore, _doubted) = (true, true, false, null);
            var back = Second - live > Near;
            Lead(back ? live : Math.Max(live, Second ?? live), elapsed);
            return back;
        }

        _live &= Second is { } at && Math.Abs(at - wall) <= Near;
        if (newest is { } old && !_live)
        {
            var ahead = old - Second > Near;
            if (!ahead || _aheadBefore)
            {
                Lead(Math.Max(old, Second ?? old), elapsed);
            }

            _aheadBefore = ahead && !_aheadBefore;
            _doubted = _aheadBefore ? old : null;
        }

        return false;
    }

    /// <summary>No more records will come: those that were an hour ahead for the first time are not contradicted, and lead.</summary>
    public void End() => Second = _doubted > Second ? _doubted : Second;

    /// <summary>True where it follows the wall clock, or did before a restart.</summary>
    /// <param name="wall">What the wall clock shows, seconds since 1970 UTC.</param>
    public bool IsLive(long wall) => _live || (WasLive && _heard is null && _patience == SilenceAtStart && Second is { } second && second <= wall + Near);

    /// <summary>Goes on where nothing was heard for a while.</summary>
    /// <param name="wall">What the wall clock shows, seconds since 1970 UTC.</param>
    /// <param name="elapsed">A monotonic clock.</param>
    public void Tick(long wall, TimeSpan elapsed)
    {
        if (Second is not { } second)
        {
            return;
        }

        _heard ??= elapsed;
        var silent = (long)(elapsed - _heard.Value).TotalSeconds;
        if (silent < _patience)
        {
            return;
        }

        if (!_live && WasLive && _patience == SilenceAtStart)
        {
            // The time in which nobody evaluated: what is left of it is what the wall clock says.
            (_live, _heardAt) = (true, Math.Max(second, wall - silent));
        }

        Second = Math.Max(second, _heardAt + silent - Silence);
    }

    void Lead(long second, TimeSpan elapsed) => (Second, _heard, _heardAt, _patience) = (second, elapsed, second, Silence);
}
