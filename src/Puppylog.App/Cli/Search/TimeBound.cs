using System.Globalization;
using System.Text;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>What <c>--since</c> and <c>--until</c> take.</summary>
static class TimeBound
{
    /// <summary>
    /// Reads a duration back from now (<c>5m</c>, <c>1h30m</c>), an RFC 3339 time (without a zone: UTC) or a date; in
    /// nanoseconds since 1970, UTC.
    /// </summary>
    public static bool TryParse(string text, long now, out long time)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return Timestamps.TryCombine(Timestamps.DaysFromCivil(date.Year, date.Month, date.Day), 0, 0, out time);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (Timestamps.TryParseIso(bytes, out time, out var length) && length == bytes.Length)
        {
            return true;
        }

        if (text.Length < 2 || !char.IsAsciiDigit(text[0]) || !char.IsAsciiLetterLower(text[^1]) || !Bucket.TryStep(text, out var back) || back >= now)
        {
            return false;
        }

        time = now - (long)back;
        return true;
    }
}
