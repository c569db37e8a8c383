namespace Puppylog.Alerts;

/// <summary>A crossing of the threshold, and the message that says so.</summary>
/// <param name="Triggered">True where the alert fires, false where it recovers.</param>
/// <param name="Time">The second of the evaluation, since 1970 UTC.</param>
/// <param name="Hits">Hits within the window.</param>
/// <param name="Window">The window's length in seconds.</param>
readonly record struct AlertTransition(bool Triggered, long Time, long Hits, int Window)
{
    const string Title = "High traffic";

    /// <summary>Hits per second with at most 2 decimals, half away from zero: <c>10.01</c>, <c>12.5</c>, <c>11</c>.</summary>
    public string Value => FormatAverage(Hits, Window);

    /// <summary><c>2026-11-21T14:00:05Z</c>.</summary>
    public string TimeText => AlertText.Time(Time);

    /// <summary>The exact words of the contract.</summary>
    public string Message => Triggered ? AlertText.Triggered(Title, $"hits = {Value}", Time) : AlertText.Recovered(Title, $"hits = {Value}", Time);

    public static string FormatAverage(long hits, int window) => AlertText.Value((decimal)hits / window);
}
