namespace Puppylog.Tests.Pipeline;

/// <summary>A clock that stands until it is moved. Its timers never fire.</summary>
sealed class PlayedClock : TimeProvider
{
    DateTimeOffset _now = new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new StillTimer();

    public void Advance(TimeSpan time) => _now += time;

    sealed class StillTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
