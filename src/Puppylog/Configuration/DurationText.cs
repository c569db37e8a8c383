using System.Globalization;

namespace Puppylog.Configuration;

/// <summary>Durations as people write them.</summary>
static class DurationText
{
    static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)), ("us", TimeSpan.FromMicroseconds(1)),
    ];

    /// <summary>In the largest unit of which it is a whole number.</summary>
    public static string Format(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return "0s";
        }

        var (unit, length) = Array.Find(Units, candidate => time.Ticks % candidate.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{time / (length == default ? TimeSpan.FromMicroseconds(1) : length):0.###}{unit ?? "us"}");
    }
}
