namespace Puppylog.App.Watch;

/// <summary>
/// UTC that never goes back: when the wall clock is set back, time goes on from where it was; when it is set ahead, or the
/// machine slept, it follows.
/// </summary>
sealed class SteadyClock
{
    readonly TimeProvider _clock;
    readonly long _started;
    DateTimeOffset _base;

    public SteadyClock(TimeProvider clock)
    {
        _clock = clock;
        _started = clock.GetTimestamp();
        _base = clock.GetUtcNow();
    }

    /// <summary>Whole seconds since 1970 UTC.</summary>
    public long Second
    {
        get
        {
            var steady = _base + _clock.GetElapsedTime(_started);
            var wall = _clock.GetUtcNow();
            if (wall > steady)
            {
                _base += wall - steady;
                steady = wall;
            }

            return steady.ToUnixTimeSeconds();
        }
    }
}
