using System.Runtime.CompilerServices;

namespace Puppylog.Records;

/// <summary>
/// Times as the product holds them, nanoseconds since 1970-01-01 UTC in a long (1677-09-21 to 2262-04-11), and as logs and
/// people write them.
/// </summary>
static class Timestamps
{
    public const long Second = 1_000_000_000;
    public const long Day = 86_400 * Second;

    /// <summary>Length of <c>2026-11-21T14:00:05.123456789Z</c>.</summary>
    public const int MaxRfc3339Length = 30;

    /// <summary>Length of <c>10/Oct/2000:13:55:36 -0700</c>.</summary>
    public const int ClfLength = 26;

    static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    public static long FromDateTime(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public static DateTimeOffset ToDateTime(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(FloorDiv(nanoseconds, 100));

    public static long Now(TimeProvider clock) => FromDateTime(clock.GetUtcNow());

    /// <summary>Days since 1970-01-01 of a proleptic Gregorian date.</summary>
    /// <remarks>Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.</remarks>
    public static long DaysFromCivil(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1L : year;
        var era = FloorDiv(y, 400);
        var yearOfEra = y - (era * 400);
        var dayOfYear = ((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5 + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    /// <summary>The inverse of <see cref="DaysFromCivil"/>.</summary>
    public static (int Year, int Month, int Day) CivilFromDays(long days)
    {
        days += 719_468;
        var era = FloorDiv(days, 146_097);
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = (int)(dayOfYear - (((153 * month) + 2) / 5) + 1);
        var civil = (int)(month < 10 ? month + 3 : month - 9);
        return ((int)(yearOfEra + (era * 400) + (civil <= 2 ? 1 : 0)), civil, day);
    }

    /// <summary>Days of a month, 1 to 12; 0 for any other number.</summary>
    public static int DaysInMonth(int year, int month) => month is < 1 or > 12 || year is < 1 or > 9999 ? 0 : DateTime.DaysInMonth(year, month);

    /// <summary>Writes RFC 3339 in UTC with 0, 3, 6 or 9 digits of the second, as few as hold it; returns the length.</summary>
    public static int FormatRfc3339(long nanoseconds, Span<byte> target)
    {
        var seconds = FloorDiv(nanoseconds, Second);
        var fraction = (int)(nanoseconds - (seconds * Second));
        FormatDateTime(seconds, (byte)'T', target);
        if (fraction == 0)
        {
            target[19] = (byte)'Z';
            return 20;
        }

        target[19] = (byte)'.';
        var (digits, value) = fraction % 1_000_000 == 0 ? (3, fraction / 1_000_000) : fraction % 1000 == 0 ? (6, fraction / 1000) : (9, fraction);
        Digits(target[20..], value, digits);
        target[20 + digits] = (byte)'Z';
        return 21 + digits;
    }

    /// <summary>Writes <c>2026-11-21T14:00:05</c>, with the given byte between date and clock; returns the length, 19.</summary>
    /// <param name="seconds">Since 1970.</param>
    public static int FormatDateTime(long seconds, byte separator, Span<byte> target)
    {
        var days = FloorDiv(seconds, 86_400);
        var (year, month, day) = CivilFromDays(days);
        Digits(target, year, 4);
        target[4] = (byte)'-';
        Digits(target[5..], month, 2);
        target[7] = (byte)'-';
        Digits(target[8..], day, 2);
        target[10] = separator;
        ClockTime(target[11..], (int)(seconds - (days * 86_400)));
        return 19;
    }

    public static string ToRfc3339(long nanoseconds)
    {
        Span<byte> text = stackalloc byte[MaxRfc3339Length];
        return System.Text.Encoding.ASCII.GetString(text[..FormatRfc3339(nanoseconds, text)]);
    }

    /// <summary>
    /// Reads an ISO 8601 / RFC 3339 time of at least a date and minutes: <c>2026-11-21T14:00:05.123Z</c>, a space for the
    /// <c>T</c>, a comma for the point, zones <c>Z</c>, <c>+01:00</c>, <c>+0100</c>, <c>+01</c>, or none (UTC). Says how
    /// many bytes it took; what follows is the caller's.
    /// </summary>
    public static bool TryParseIso(ReadOnlySpan<byte> text, out long nanoseconds, out int length)
    {
        nanoseconds = 0;
        length = 0;
        if (text.Length < 16 || !TryDigits(text, 4, out var year) || text[4] != '-' || !TryDigits(text[5..], 2, out var month)
            || text[7] != '-' || !TryDigits(text[8..], 2, out var day) || (text[10] | 0x20) is not ('t' or ' ')
            || !TryDigits(text[11..], 2, out var hour) || text[13] != ':' || !TryDigits(text[14..], 2, out var minute)
            || year < 1 || day < 1 || day > DaysInMonth(year, month) || hour > 23 || minute > 59)
        {
            return false;
        }

        var at = 16;
        var second = 0;
        long fraction = 0;
        if (text.Length >= 19 && text[16] == ':' && TryDigits(text[17..], 2, out second))
        {
            if (second > 60)
            {
                return false;
            }

            at = 19;
            if (text.Length > at + 1 && text[at] is (byte)'.' or (byte)',' && text[at + 1] is >= (byte)'0' and <= (byte)'9')
            {
                at++;
                var scale = Second / 10;
                while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
                {
                    fraction += (text[at] - '0') * scale;
                    scale /= 10;
                    at++;
                }
            }
        }

        var offset = 0;
        if (at < text.Length && text[at] is (byte)'Z' or (byte)'z')
        {
            at++;
        }
        else if (at < text.Length && text[at] is (byte)'+' or (byte)'-' && TryZone(text[at..], out offset, out var zoneLength))
        {
            at += zoneLength;
        }

        length = at;
        return TryCombine(DaysFromCivil(year, month, day), (hour * 3600) + (minute * 60) + second - offset, fraction, out nanoseconds);
    }

    /// <summary>Reads <c>10/Oct/2000:13:55:36 -0700</c> (Apache's %t without its brackets), exactly 26 bytes.</summary>
    public static bool TryParseClf(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length != ClfLength || !TryDigits(text, 2, out var day) || text[2] != '/' || text[6] != '/'
            || !TryDigits(text[7..], 4, out var year) || text[11] != ':' || !TryDigits(text[12..], 2, out var hour) || text[14] != ':'
            || !TryDigits(text[15..], 2, out var minute) || text[17] != ':' || !TryDigits(text[18..], 2, out var second)
            || text[20] != ' ' || text[21] is not ((byte)'+' or (byte)'-')
            || !TryDigits(text[22..], 2, out var zoneHours) || !TryDigits(text[24..], 2, out var zoneMinutes)
            || zoneHours > 23 || zoneMinutes > 59
            || !TryMonth(text.Slice(3, 3), out var month) || year < 1 || day < 1 || day > DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var offset = ((zoneHours * 60) + zoneMinutes) * (text[21] == '-' ? -60 : 60);
        return TryCombine(DaysFromCivil(year, month, day), (hour * 3600) + (minute * 60) + second - offset, 0, out nanoseconds);
    }

    /// <summary>
    /// Writes <c>10/Oct/2000:13:55:36 -0700</c>: the time in the zone, then the zone as it was written. Returns the length:
    /// 21 and the zone's. A zone that is none counts as UTC.
    /// </summary>
    public static int FormatClf(long nanoseconds, ReadOnlySpan<byte> zone, Span<byte> target)
    {
        var offset = zone.Length == 5 && TryZone(zone, out var parsed, out _) ? parsed : 0;
        var seconds = FloorDiv(nanoseconds, Second) + offset;
        var days = FloorDiv(seconds, 86_400);
        var (year, month, day) = CivilFromDays(days);
        Digits(target, day, 2);
        target[2] = (byte)'/';
        MonthNames.Slice((month - 1) * 3, 3).CopyTo(target[3..]);
        target[6] = (byte)'/';
        Digits(target[7..], year, 4);
        target[11] = (byte)':';
        ClockTime(target[12..], (int)(seconds - (days * 86_400)));
        target[20] = (byte)' ';
        zone = zone[..Math.Min(zone.Length, 5)];
        zone.CopyTo(target[21..]);
        return 21 + zone.Length;
    }

    /// <summary>The English three-letter name of a month, 1 to 12.</summary>
    public static ReadOnlySpan<byte> MonthName(int month) => MonthNames.Slice((month - 1) * 3, 3);

    /// <summary>The month, 1 to 12, of an English three-letter name in the usual spelling (<c>Jan</c>).</summary>
    public static bool TryMonth(ReadOnlySpan<byte> name, out int month)
    {
        month = 0;
        if (name.Length < 3)
        {
            return false;
        }

        var key = name[0] << 16 | name[1] << 8 | name[2];
        month = key switch
        {
            'J' << 16 | 'a' << 8 | 'n' => 1,
            'F' << 16 | 'e' << 8 | 'b' => 2,
            'M' << 16 | 'a' << 8 | 'r' => 3,
            'A' << 16 | 'p' << 8 | 'r' => 4,
            'M' << 16 | 'a' << 8 | 'y' => 5,
            'J' << 16 | 'u' << 8 | 'n' => 6,
            'J' << 16 | 'u' << 8 | 'l' => 7,
            'A' << 16 | 'u' << 8 | 'g' => 8,
            'S' << 16 | 'e' << 8 | 'p' => 9,
            'O' << 16 | 'c' << 8 | 't' => 10,
            'N' << 16 | 'o' << 8 | 'v' => 11,
            'D' << 16 | 'e' << 8 | 'c' => 12,
            _ => 0,
        };
        return month != 0;
    }

    /// <summary>Reads <c>+01:00</c>, <c>+0100</c> or <c>+01</c>; the offset in seconds.</summary>
    public static bool TryZone(ReadOnlySpan<byte> text, out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text[1..], 2, out var hours))
        {
            return false;
        }

        length = 3;
        if (text.Length >= 6 && text[3] == ':' && TryDigits(text[4..], 2, out var minutes))
        {
            length = 6;
        }
        else if (text.Length >= 5 && TryDigits(text[3..], 2, out minutes))
        {
            length = 5;
        }
        else
        {
            minutes = 0;
        }

        offset = ((hours * 3600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return hours <= 23 && minutes <= 59;
    }

    /// <summary>Joins days since 1970, seconds and nanoseconds; false where a long does not hold the result.</summary>
    public static bool TryCombine(long days, long seconds, long fraction, out long nanoseconds)
    {
        var total = (Int128)((days * 86_400) + seconds) * Second + fraction;
        nanoseconds = (long)total;
        return total == nanoseconds;
    }

    public static long FloorDiv(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The day, in days since 1970, that a time lies in.</summary>
    public static int DayOf(long nanoseconds) => (int)FloorDiv(nanoseconds, Day);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryDigits(ReadOnlySpan<byte> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }

    static void Digits(Span<byte> target, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    static void ClockTime(Span<byte> target, int secondOfDay)
    {
        Digits(target, secondOfDay / 3600, 2);
        target[2] = (byte)':';
        Digits(target[3..], secondOfDay / 60 % 60, 2);
        target[5] = (byte)':';
        Digits(target[6..], secondOfDay % 60, 2);
    }
}
