namespace Puppylog.Storage.Embedded.Retention;

/// <summary>
/// Tells when the clock was set forward by more than has passed: everything would look old at once, and be dropped. Its new
/// time is believed once it has held for an hour; a clock set back makes nothing old.
/// </summary>
sealed class ClockJump(TimeProvider clock)
{
    static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);
    static readonly TimeSpan Believed = TimeSpan.FromHours(1);

    DateTimeOffset _time = clock.GetUtcNow();
    long _timestamp = clock.GetTimestamp();
    long? _jumpedAt;

    /// <summary>True where the clock's time may be used to drop something.</summary>
    public bool IsTrusted()
    {
        var (time, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (time - _time - clock.GetElapsedTime(_timestamp, timestamp) > Tolerance)
        {
            _jumpedAt = timestamp;
        }

        (_time, _timestamp) = (time, timestamp);
        if (_jumpedAt is { } jumped && clock.GetElapsedTime(jumped, timestamp) >= Believed)
        {
            _jumpedAt = null;
        }

        return _jumpedAt is null;
    }
}
