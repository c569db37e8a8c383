namespace Puppylog.Alerts.Notices;

/// <summary>How often something may be sent: some at once, then one per pause. Knows no clock. Not thread-safe.</summary>
/// <param name="burst">How many at once.</param>
/// <param name="pause">The time in which one more is allowed.</param>
sealed class SendingRate(int burst, TimeSpan pause)
{
    double _left = burst;
    TimeSpan _at;

    /// <summary>Takes one; or says how long it has to wait.</summary>
    /// <param name="elapsed">A monotonic clock.</param>
    public bool TryTake(TimeSpan elapsed, out TimeSpan wait)
    {
        _left = Math.Min(burst, _left + ((elapsed - _at) / pause));
        _at = elapsed;
        wait = _left >= 1 ? default : (1 - _left) * pause;
        _left -= _left >= 1 ? 1 : 0;
        return wait == default;
    }
}
