using System.Collections.Immutable;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// A date and a clock in any order, as <c>EEE MMM DD hh:mm:ss.ffffff YYYY</c>: the pieces of <see cref="CalendarPart"/>,
/// and between them spaces, <c>/ - : . ,</c> or a <c>T</c> that stand for themselves; at the end or before the year a zone
/// as it is printed (<c>+0200</c>, <c>+02:00</c>, <c>Z</c>, <c>CEST</c>), without one UTC. Without a year, and without a
/// date, it needs another time to be read by.
/// </summary>
sealed class CalendarForm
{
    /// <summary>Longer ones are no form.</summary>
    const int MaxLength = 40;

    static ReadOnlySpan<byte> WeekdayNames => "ThuFriSatSunMonTueWed"u8;

    static readonly (string Token, CalendarPart Part)[] Tokens =
    [
        ("YYYY", CalendarPart.Year), ("YY", CalendarPart.ShortYear), ("MMM", CalendarPart.MonthName), ("MM", CalendarPart.Month),
        ("DD", CalendarPart.Day), ("_D", CalendarPart.PaddedDay), ("EEE", CalendarPart.Weekday),
        ("hh", CalendarPart.Hour), ("mm", CalendarPart.Minute), ("ss", CalendarPart.Second),
    ];

    readonly ImmutableArray<Step> _steps;
    readonly int _offset;
    readonly bool _hasYear;
    readonly bool _hasDate;

    CalendarForm(string text, ImmutableArray<Step> steps, int offset)
    {
        Text = text;
        _steps = steps;
        _offset = offset;
        _hasYear = Has(CalendarPart.Year) || Has(CalendarPart.ShortYear);
        _hasDate = HasDay;
        foreach (var step in steps)
        {
            (FractionAt, FractionDigits) = step.Part == CalendarPart.Fraction ? (step.At, step.Length) : (FractionAt, FractionDigits);
        }
    }

    /// <summary>Also the length of every time in this form.</summary>
    public string Text { get; }

    /// <summary>Where the digits behind the second's point begin; -1 for none.</summary>
    public int FractionAt { get; } = -1;

    public int FractionDigits { get; }

    bool HasDay => (Has(CalendarPart.Day) || Has(CalendarPart.PaddedDay)) && (Has(CalendarPart.Month) || Has(CalendarPart.MonthName));

    bool Has(CalendarPart part) => _steps.Any(step => step.Part == part);

    public static bool TryParse(string text, out CalendarForm form)
    {
        form = null!;
        if (text.Length > MaxLength)
        {
            return false;
        }

        var steps = ImmutableArray.CreateBuilder<Step>();
        var offset = 0;
        for (var at = 0; at < text.Length;)
        {
            var (part, length) = Next(text, at, ref offset);
            if (length == 0 || (part != CalendarPart.Literal && steps.Any(step => step.Part == part)))
            {
                return false;
            }

            steps.Add(new(part, at, length, part == CalendarPart.Literal ? Encoding.ASCII.GetBytes(text[at..(at + length)]) : []));
            at += length;
        }

        var made = new CalendarForm(text, steps.ToImmutable(), offset);
        if (!made.Has(CalendarPart.Hour) || !made.Has(CalendarPart.Minute) || (made._hasYear && !made.HasDay)
            || (!made.HasDay && (made.Has(CalendarPart.Month) || made.Has(CalendarPart.Day) || made.Has(CalendarPart.MonthName) || made.Has(CalendarPart.PaddedDay))))
        {
            return false;
        }

        form = made;
        return true;
    }

    /// <summary>The piece at a place of the form and its length; 0 where there is none.</summary>
    static (CalendarPart Part, int Length) Next(string text, int at, ref int offset)
    {
        foreach (var (token, part) in Tokens)
        {
            if (string.CompareOrdinal(text, at, token, 0, token.Length) == 0)
            {
                return (part, token.Length);
            }
        }

        var rest = Encoding.ASCII.GetBytes(text[at..]);
        if (rest[0] == 'f' && at > 0 && text[at - 1] is '.' or ',' or ':')
        {
            var digits = rest.AsSpan().IndexOfAnyExcept((byte)'f');
            digits = digits < 0 ? rest.Length : digits;
            return (CalendarPart.Fraction, digits <= 9 ? digits : 0);
        }

        if (Timestamps.TryZone(rest, out var parsed, out var length))
        {
            offset = parsed;
            return (CalendarPart.Literal, length);
        }

        length = ZoneNames.LengthAt(rest);
        if (length > 0)
        {
            ZoneNames.TryOffset(rest.AsSpan(0, length), out offset);
            return (CalendarPart.Literal, length);
        }

        return (CalendarPart.Literal, rest[0] is (byte)' ' or (byte)'/' or (byte)'-' or (byte)':' or (byte)'.' or (byte)',' or (byte)'T' or (byte)'Z' ? 1 : 0);
    }

    /// <summary>Reads a time at the beginning of a text; what follows it is the caller's.</summary>
    /// <param name="text">The time and what follows.</param>
    /// <param name="reference">
    /// Nanoseconds since 1970: the year is the latest one with which the time is at most a day behind it; of a clock without a
    /// date it is the latest day with which it is at most an hour behind.
    /// </param>
    /// <param name="nanoseconds">Since 1970, UTC.</param>
    public bool TryRead(ReadOnlySpan<byte> text, long reference, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < Text.Length)
        {
            return false;
        }

        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
        var fraction = 0L;
        foreach (ref readonly var step in _steps.AsSpan())
        {
            var piece = text.Slice(step.At, step.Length);
            var fits = step.Part switch
            {
                CalendarPart.Literal => piece.SequenceEqual(step.Literal),
                CalendarPart.Year => TryDigits(piece, out year),
                CalendarPart.ShortYear => TryDigits(piece, out year) && (year += year < 69 ? 2000 : 1900) > 0,
                CalendarPart.MonthName => Timestamps.TryMonth(piece, out month),
                CalendarPart.Month => TryDigits(piece, out month),
                CalendarPart.Day => TryDigits(piece, out day),
                CalendarPart.PaddedDay => piece[0] != '0' && TryDigits(piece[0] == ' ' ? piece[1..] : piece, out day),
                CalendarPart.Weekday => Weekday(piece) >= 0,
                CalendarPart.Hour => TryDigits(piece, out hour),
                CalendarPart.Minute => TryDigits(piece, out minute),
                CalendarPart.Second => TryDigits(piece, out second),
                _ => TryFraction(piece, out fraction),
            };
            if (!fits)
            {
                return false;
            }
        }

        if (hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var seconds = (hour * 3600) + (minute * 60) + second - _offset;
        return !_hasDate ? TryToday(reference, seconds, fraction, out nanoseconds)
            : !_hasYear ? TryNearest(reference, month, day, seconds, fraction, out nanoseconds)
            : day >= 1 && day <= Timestamps.DaysInMonth(year, month) && Timestamps.TryCombine(Timestamps.DaysFromCivil(year, month, day), seconds, fraction, out nanoseconds);
    }

    static bool TryToday(long reference, int seconds, long fraction, out long nanoseconds)
    {
        const long hour = 3600 * Timestamps.Second;
        var latest = Math.Min(reference, long.MaxValue - hour) + hour;
        var day = Timestamps.DayOf(latest);
        return Timestamps.TryCombine(day, seconds, fraction, out nanoseconds)
            && (nanoseconds <= latest || Timestamps.TryCombine(day - 1, seconds, fraction, out nanoseconds));
    }

    static bool TryNearest(long reference, int month, int day, int seconds, long fraction, out long nanoseconds)
    {
        nanoseconds = 0;
        var latest = Math.Min(reference, long.MaxValue - Timestamps.Day) + Timestamps.Day;
        var (newest, _, _) = Timestamps.CivilFromDays(Timestamps.DayOf(latest));

        // A 29th of February may be eight years ago.
        for (var year = newest; year > newest - 9; year--)
        {
            if (day >= 1 && day <= Timestamps.DaysInMonth(year, month)
                && Timestamps.TryCombine(Timestamps.DaysFromCivil(year, month, day), seconds, fraction, out nanoseconds) && nanoseconds <= latest)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a time, nanoseconds since 1970; the length.</summary>
    public int Write(long nanoseconds, Span<byte> target)
    {
        var seconds = Timestamps.FloorDiv(nanoseconds, Timestamps.Second);
        var fraction = nanoseconds - (seconds * Timestamps.Second);
        seconds += _offset;
        var days = Timestamps.FloorDiv(seconds, 86_400);
        var clock = (int)(seconds - (days * 86_400));
        var (year, month, day) = Timestamps.CivilFromDays(days);
        foreach (ref readonly var step in _steps.AsSpan())
        {
            var piece = target.Slice(step.At, step.Length);
            switch (step.Part)
            {
                case CalendarPart.Literal:
                    step.Literal.CopyTo(piece);
                    break;
                case CalendarPart.MonthName:
                    Timestamps.MonthName(month).CopyTo(piece);
                    break;
                case CalendarPart.Weekday:
                    WeekdayNames.Slice((int)(days - (Timestamps.FloorDiv(days, 7) * 7)) * 3, 3).CopyTo(piece);
                    break;
                case CalendarPart.Fraction:
                    WriteDigits(piece, fraction / Power(9 - step.Length));
                    break;
                default:
                    WriteDigits(piece, step.Part switch
                    {
                        CalendarPart.Year => year,
                        CalendarPart.ShortYear => year % 100,
                        CalendarPart.Month => month,
                        CalendarPart.Day or CalendarPart.PaddedDay => day,
                        CalendarPart.Hour => clock / 3600,
                        CalendarPart.Minute => clock / 60 % 60,
                        _ => clock % 60,
                    });
                    if (step.Part == CalendarPart.PaddedDay && day < 10)
                    {
                        piece[0] = (byte)' ';
                    }

                    break;
            }
        }

        return Text.Length;
    }

    /// <summary>All bytes that a time in this form may have.</summary>
    public byte[] Bytes()
    {
        var names = new List<byte>("0123456789"u8.ToArray());
        foreach (var step in _steps)
        {
            names.AddRange(step.Literal);
            names.AddRange(step.Part switch
            {
                CalendarPart.MonthName => Encoding.ASCII.GetBytes("JanFebMarAprMayJunJulAugSepOctNovDec"),
                CalendarPart.Weekday => WeekdayNames.ToArray(),
                CalendarPart.PaddedDay => " "u8.ToArray(),
                _ => [],
            });
        }

        return [.. names.Distinct()];
    }

    static int Weekday(ReadOnlySpan<byte> name)
    {
        var at = WeekdayNames.IndexOf(name);
        return at % 3 == 0 ? at / 3 : -1;
    }

    static bool TryFraction(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (!TryDigits(text, out var value))
        {
            return false;
        }

        nanoseconds = value * Power(9 - text.Length);
        return true;
    }

    static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var b in text)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }

    static void WriteDigits(Span<byte> target, long value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    static long Power(int zeros)
    {
        var power = 1L;
        for (; zeros > 0; zeros--)
        {
            power *= 10;
        }

        return power;
    }

    readonly record struct Step(CalendarPart Part, int At, int Length, byte[] Literal);
}
