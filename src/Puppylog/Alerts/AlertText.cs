using System.Globalization;

namespace Puppylog.Alerts;

/// <summary>How every alert prints values and times.</summary>
static class AlertText
{
    /// <summary>The last second of the year 9999.</summary>
    const long LastSecond = 253_402_300_799;

    const long FirstSecond = -62_135_596_800;

    /// <summary>At most 2 decimals, half away from zero: <c>10.01</c>, <c>12.5</c>, <c>11</c>.</summary>
    public static string Value(decimal value) =>
        Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary><c>2026-11-21T14:00:05Z</c>.</summary>
    /// <param name="second">Since 1970 UTC.</param>
    public static string Time(long second) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(second, FirstSecond, LastSecond)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Triggered(string title, string what, long second) => $"{title} generated an alert - {what}, triggered at {Time(second)}";

    public static string Recovered(string title, string what, long second) => $"{title} alert recovered - {what}, recovered at {Time(second)}";
}
