using System.Buffers;
using System.Globalization;
using Puppylog.Records;

namespace Puppylog.Query.Syntax;

/// <summary>Durations as LogsQL writes them: <c>5m</c>, <c>1h30m</c>, <c>2.5d</c>, <c>-10s</c>; a year is 365 days.</summary>
static class Durations
{
    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    const long Minute = 60 * Timestamps.Second;
    const long Hour = 60 * Minute;

    /// <summary>Reads a whole text as a duration, in nanoseconds; false where it is none or a long does not hold it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
        {
            text = text[1..];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        decimal sum = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits is <= 0 or > 20
                || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            text = text[digits..];
            var letters = text.IndexOfAny(Digits);
            var unit = UnitOf(letters < 0 ? text : text[..letters]);
            if (unit == 0 || amount > long.MaxValue / unit)
            {
                return false;
            }

            sum += amount * unit;
            text = letters < 0 ? [] : text[letters..];
        }

        if (sum > long.MaxValue)
        {
            return false;
        }

        nanoseconds = negative ? -(long)sum : (long)sum;
        return true;
    }

    static long UnitOf(ReadOnlySpan<char> name) => name switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1000,
        "ms" => 1_000_000,
        "s" => Timestamps.Second,
        "m" => Minute,
        "h" => Hour,
        "d" => Timestamps.Day,
        "w" => 7 * Timestamps.Day,
        "y" => 365 * Timestamps.Day,
        _ => 0,
    };
}
