namespace Puppylog.Alerts.Watching;

/// <summary>What the clocks show.</summary>
/// <param name="Wall">Seconds since 1970 UTC.</param>
/// <param name="Elapsed">A monotonic clock.</param>
readonly record struct ClockReading(long Wall, TimeSpan Elapsed);
