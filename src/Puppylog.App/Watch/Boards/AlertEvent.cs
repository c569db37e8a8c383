namespace Puppylog.App.Watch.Boards;

/// <param name="Id">The alert.</param>
/// <param name="Time">Seconds since 1970 UTC.</param>
/// <param name="Triggered">False where it recovered.</param>
/// <param name="Value">As text.</param>
/// <param name="Message">The words in which it was told.</param>
sealed record AlertEvent(string Id, long Time, bool Triggered, string Value, string Message);
