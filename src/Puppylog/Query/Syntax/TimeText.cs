using System.Globalization;
using System.Text;
using Puppylog.Records;

namespace Puppylog.Query.Syntax;

/// <summary>
/// Times as a query writes them: a year, month, day, hour, minute, second or fraction of it, with <c>Z</c>, a zone or
/// none (UTC); <c>now</c>, <c>now-5m</c>, <c>-5m</c>; seconds, milliseconds, microseconds or nanoseconds since 1970.
/// </summary>
static class TimeText
{
    const long WholeYear = -2;
    const long WholeMonth = -1;

    /// <summary>The first and the last nanosecond that the text names: a day's, for a day.</summary>
    public static bool TryParse(string text, long now, out long first, out long last) =>
        TryCivil(text, out first, out last) || TryInstant(text, now, out first, out last);

    static bool TryInstant(string text, long now, out long first, out long last)
    {
        first = last = 0;
        if (text.StartsWith("now", StringComparison.OrdinalIgnoreCase))
        {
            first = now;
            if (text.Length > 3)
            {
                if (text[3] is not ('-' or '+') || !Durations.TryParse(text.AsSpan(4), out var shift) || shift < 0)
                {
                    return false;
                }

                first = Add(now, text[3] == '-' ? -shift : shift);
            }

            last = first;
            return true;
        }

        if (text.StartsWith('-') && Durations.TryParse(text, out var back))
        {
            first = last = Add(now, back);
            return true;
        }

        long unit = text.Length switch { 9 or 10 => Timestamps.Second, 13 => 1_000_000, 16 => 1000, 19 => 1, _ => 0 };
        if (unit == 0 || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / unit - 1)
        {
            return false;
        }

        first = count * unit;
        last = first + unit - 1;
        return true;
    }

    static bool TryCivil(string text, out long first, out long last)
    {
        first = last = 0;
        var at = 0;
        int month = 1, day = 1, hour = 0, minute = 0, second = 0;
        if (!Digits(text, ref at, 4, out var year) || year < 1)
        {
            return false;
        }

        // How much was given decides how long a time is meant.
        var length = WholeYear;
        if (!Follows(text, at, '-') || IsZone(text, at))
        {
            return Finish(text, at, year, 1, 1, 0, 0, WholeYear, out first, out last);
        }

        at++;
        if (!Digits(text, ref at, 2, out month))
        {
            return false;
        }

        length = WholeMonth;
        if (Follows(text, at, '-') && !IsZone(text, at))
        {
            at++;
            if (!Digits(text, ref at, 2, out day))
            {
                return false;
            }

            length = Timestamps.Day;
            if (at < text.Length && text[at] is 'T' or 't' or ' ')
            {
                at++;
                if (!Digits(text, ref at, 2, out hour))
                {
                    return false;
                }

                length = 3600 * Timestamps.Second;
                if (Follows(text, at, ':'))
                {
                    at++;
                    if (!Digits(text, ref at, 2, out minute))
                    {
                        return false;
                    }

                    length = 60 * Timestamps.Second;
                    if (Follows(text, at, ':'))
                    {
                        at++;
                        if (!Digits(text, ref at, 2, out second))
                        {
                            return false;
                        }

                        length = Timestamps.Second;
                    }
                }
            }
        }

        long fraction = 0;
        if (length == Timestamps.Second && at < text.Length && text[at] is '.' or ',')
        {
            at++;
            while (at < text.Length && char.IsAsciiDigit(text[at]) && length > 1)
            {
                length /= 10;
                fraction += (text[at++] - '0') * length;
            }
        }

        return Finish(text, at, year, month, day, (hour * 3600) + (minute * 60) + second, fraction, length, out first, out last)
            && hour <= 23 && minute <= 59 && second <= 60;
    }

    static bool Finish(string text, int at, int year, int month, int day, int seconds, long fraction, long length, out long first, out long last)
    {
        first = last = 0;
        var zone = 0;
        var rest = text.AsSpan(at);
        if (rest is "Z" or "z")
        {
            rest = [];
        }
        else if (rest.Length is >= 3 and <= 6)
        {
            Span<byte> bytes = stackalloc byte[24];
            var written = Encoding.UTF8.GetBytes(rest, bytes);
            if (!Timestamps.TryZone(bytes[..written], out zone, out var taken) || taken != written)
            {
                return false;
            }

            rest = [];
        }

        if (!rest.IsEmpty || day < 1 || day > Timestamps.DaysInMonth(year, month)
            || !Timestamps.TryCombine(Timestamps.DaysFromCivil(year, month, day), seconds - zone, fraction, out first))
        {
            return false;
        }

        var nextDay = length == WholeYear || month == 12
            ? Timestamps.DaysFromCivil(year + 1, 1, 1)
            : Timestamps.DaysFromCivil(year, month + 1, 1);
        if (length > 0)
        {
            last = Add(first, length - 1);
        }
        else if (Timestamps.TryCombine(nextDay, -zone, 0, out last))
        {
            last--;
        }
        else
        {
            last = long.MaxValue;
        }

        return true;
    }

    /// <summary>True where <c>-07:00</c> stands rather than the next part of a date (<c>2023-02-07:00</c> is a month).</summary>
    static bool IsZone(string text, int at) => text.Length == at + 6 && text[at + 3] == ':';

    static bool Follows(string text, int at, char c) => at < text.Length && text[at] == c;

    static bool Digits(string text, ref int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length || !int.TryParse(text.AsSpan(at, count), NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        at += count;
        return true;
    }

    /// <summary>The sum, or the nearest time that a long holds.</summary>
    public static long Add(long time, long duration)
    {
        var sum = (Int128)time + duration;
        return sum > long.MaxValue ? long.MaxValue : sum < long.MinValue ? long.MinValue : (long)sum;
    }
}
