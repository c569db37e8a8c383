using System.Buffers.Text;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// A way to write <c>_time</c>, so that a line's time need not be stored beside it. Either a date and a clock,
/// <c>YYYY-MM-DDThh:mm:ss.fffZ</c>: <c>T</c>, <c>t</c> or a space between them, a point or comma and one to nine <c>f</c>
/// for the digits of the second or none (<c>.f+</c>: as many as it needs, none and no point for a whole second), then the
/// zone as it is printed (<c>Z</c>, <c>z</c>, <c>+02:00</c>, <c>+0200</c>, <c>+02</c> or nothing, which is UTC). Or the time
/// since 1970 in <c>s</c>, <c>ms</c>, <c>us</c> or <c>ns</c>, with as many digits behind a point as it needs, or with
/// <c>.1</c> to <c>.9</c> behind it so many, which are not more than nanoseconds have. Or a <see cref="CalendarForm"/>.
/// </summary>
sealed class TimeForm
{
    /// <summary>More than any form writes.</summary>
    public const int MaxLength = 48;

    /// <summary>Where the digits behind the point of an ISO time begin.</summary>
    const int FractionPlace = 20;

    const string Clock = "hh:mm:ss";
    const string Date = "YYYY-MM-DD";

    /// <summary>Digits of the fraction: as many as it needs.</summary>
    const int Needed = -1;

    static readonly byte[] IsoBytes = " +,-.0123456789:TZtz"u8.ToArray();

    readonly CalendarForm? _calendar;
    readonly byte[] _zone;
    readonly long _offset;
    readonly byte _separator;
    readonly byte _mark;
    readonly int _digits;

    /// <summary>Nanoseconds that 1 stands for; 0 for a date.</summary>
    readonly long _unit;

    TimeForm(string text, long unit, int digits, char separator = 'T', char mark = '.', string zone = "", int offset = 0)
    {
        Text = text;
        _unit = unit;
        _digits = digits;
        _separator = (byte)separator;
        _mark = (byte)mark;
        _zone = Encoding.ASCII.GetBytes(zone);
        _offset = offset;
    }

    TimeForm(CalendarForm calendar)
        : this(calendar.Text, 0, calendar.FractionDigits)
    {
        _calendar = calendar;
        Bytes = calendar.Bytes();
    }

    public string Text { get; }

    /// <summary>All bytes that a time in this form may have.</summary>
    public byte[] Bytes { get; } = IsoBytes;

    /// <summary>The form where it is neither ISO 8601 nor a number; else null.</summary>
    public CalendarForm? Calendar => _calendar;

    /// <summary>The fraction has no fixed number of digits.</summary>
    public bool HasNeededDigits => _digits == Needed;

    public override string ToString() => Text;

    public static bool TryParse(string text, out TimeForm form)
    {
        form = ((text.StartsWith(Date, StringComparison.Ordinal) ? ParseDate(text) : ParseEpoch(text)) ?? ParseCalendar(text))!;
        return form is not null;
    }

    /// <summary>The form of a date or number that was read as a time; null where none writes it so.</summary>
    /// <param name="text">The time as it is written.</param>
    /// <param name="last">The form that did not fit, of the time before: where only the digits differ, it is one of needed digits.</param>
    public static TimeForm? Of(ReadOnlySpan<byte> text, TimeForm? last)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        var made = text.Length > 10 && text[4] == '-' ? DateOf(text, null) : EpochOf(text, null);
        if (made is not null && last is not null && last._digits != made._digits)
        {
            var needed = made._unit == 0 ? DateOf(text, Needed) : EpochOf(text, Needed);
            made = needed is not null && needed.IsOf(text) ? needed : made;
        }

        return made is not null && made.IsOf(text) ? made : null;
    }

    /// <summary>True where a text that was read as a time has this form (whether it is that very time, the writer sees).</summary>
    public bool IsOf(ReadOnlySpan<byte> text)
    {
        if (_calendar is not null)
        {
            return text.Length == _calendar.Text.Length && _calendar.TryRead(text, 0, out _);
        }

        var at = 19;
        if (_unit != 0)
        {
            var point = text.IndexOf((byte)'.');
            at = point < 0 ? text.Length : point;
            if (UnitOf(at).Unit != _unit || text[..at].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }
        }
        else if (text.Length < 19 + _zone.Length || text[10] != _separator || text[17] == '6' || !text.EndsWith(_zone))
        {
            return false;
        }

        var fraction = text[at..(text.Length - _zone.Length)];
        if (fraction.IsEmpty)
        {
            return _digits <= 0;
        }

        var digits = fraction.Length - 1;
        return fraction[0] == _mark && (_digits == Needed ? digits > 0 && digits <= Places(_unit) && fraction[^1] != '0' : digits == _digits)
            && !fraction[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Writes a time, nanoseconds since 1970; the length. The target has <see cref="MaxLength"/> bytes.</summary>
    public int Write(long nanoseconds, Span<byte> target)
    {
        if (_calendar is not null)
        {
            return _calendar.Write(nanoseconds, target);
        }

        int at;
        long fraction;
        int places;
        if (_unit == 0)
        {
            var seconds = Timestamps.FloorDiv(nanoseconds, Timestamps.Second);
            fraction = nanoseconds - (seconds * Timestamps.Second);
            places = 9;
            at = Timestamps.FormatDateTime(seconds + _offset, _separator, target);
        }
        else
        {
            var whole = Timestamps.FloorDiv(nanoseconds, _unit);
            fraction = nanoseconds - (whole * _unit);
            places = Places(_unit);
            Utf8Formatter.TryFormat(whole, target, out at);
        }

        at += WriteFraction(fraction, places, target[at..]);
        _zone.CopyTo(target[at..]);
        return at + _zone.Length;
    }

    /// <summary>
    /// Where in a time the digits of the second's fraction stand, and how many; all else is the same for all times of a second.
    /// False where that is not so.
    /// </summary>
    public bool TryFraction(out int at, out int digits)
    {
        (at, digits) = _calendar is null ? (FractionPlace, _digits) : (Math.Max(0, _calendar.FractionAt), _calendar.FractionDigits);
        return _calendar is not null || (_unit == 0 && _digits != Needed);
    }

    /// <param name="fraction">Nanoseconds.</param>
    /// <param name="places">Decimal places that they have.</param>
    /// <param name="target">Where to.</param>
    int WriteFraction(long fraction, int places, Span<byte> target)
    {
        var digits = _digits;
        if (digits == Needed)
        {
            digits = fraction == 0 ? 0 : places;
            for (var rest = fraction; digits > 0 && rest % 10 == 0; rest /= 10)
            {
                digits--;
            }
        }

        if (digits == 0)
        {
            return 0;
        }

        for (; places > digits; places--)
        {
            fraction /= 10;
        }

        target[0] = _mark;
        for (var i = digits; i > places; i--)
        {
            target[i] = (byte)'0';
        }

        for (var i = Math.Min(digits, places); i > 0; i--)
        {
            target[i] = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }

        return digits + 1;
    }

    static int Places(long unit) => unit switch { 1 => 0, 1000 => 3, 1_000_000 => 6, _ => 9 };

    static TimeForm? ParseDate(string text)
    {
        if (text.Length is < 19 or > 40 || text[10] is not ('T' or 't' or ' ') || text[11..19] != Clock)
        {
            return null;
        }

        var at = 19;
        var digits = 0;
        if (at < text.Length && text[at] is '.' or ',')
        {
            var count = text.AsSpan(at + 1).IndexOfAnyExcept('f');
            digits = count < 0 ? text.Length - at - 1 : count;
            at += 1 + digits;
            if (digits is 0 or > 9)
            {
                return null;
            }

            if (digits == 1 && at < text.Length && text[at] == '+' && (at + 1 == text.Length || !char.IsAsciiDigit(text[at + 1])))
            {
                digits = Needed;
                at++;
            }
        }

        var zone = text[at..];
        var offset = 0;
        if (zone is not ("" or "Z" or "z")
            && !(Timestamps.TryZone(Encoding.UTF8.GetBytes(zone), out offset, out var length) && length == zone.Length))
        {
            return null;
        }

        return new(text, 0, digits, text[10], digits == 0 ? '.' : text[19], zone, offset);
    }

    static TimeForm? ParseCalendar(string text) => CalendarForm.TryParse(text, out var calendar) ? new(calendar) : null;

    static TimeForm? ParseEpoch(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var unit = (point < 0 ? text : text[..point]) switch { "s" => Timestamps.Second, "ms" => 1_000_000, "us" => 1000, "ns" => 1, _ => 0L };
        if (unit == 0 || (point >= 0 && (text.Length != point + 2 || text[^1] < '1' || text[^1] > '0' + Places(unit))))
        {
            return null;
        }

        return new(text, unit, point < 0 ? Needed : text[^1] - '0');
    }

    static TimeForm? DateOf(ReadOnlySpan<byte> text, int? digits)
    {
        if (text.Length < 19 || text[16] != ':')
        {
            return null;
        }

        var at = 19;
        if (text.Length > at + 1 && text[at] is (byte)'.' or (byte)',')
        {
            var count = text[(at + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            at += 1 + (count < 0 ? text.Length - at - 1 : count);
        }

        var own = at == 19 ? 0 : at - 20;
        var pattern = new StringBuilder(Date).Append((char)text[10]).Append(Clock);
        if (digits == Needed)
        {
            pattern.Append(own == 0 ? '.' : (char)text[19]).Append("f+");
        }
        else if (own > 0)
        {
            pattern.Append((char)text[19]).Append('f', own);
        }

        pattern.Append(Encoding.Latin1.GetString(text[at..]));
        return TryParse(pattern.ToString(), out var form) ? form : null;
    }

    static TimeForm? EpochOf(ReadOnlySpan<byte> text, int? digits)
    {
        var point = text.IndexOf((byte)'.');
        var (_, name) = UnitOf(point < 0 ? text.Length : point);
        var own = point < 0 || digits == Needed ? name : $"{name}.{text.Length - point - 1}";
        return TryParse(own, out var form) ? form : null;
    }

    /// <summary>What a number of so many digits counts: the sizes by which the units are told apart when a time is read.</summary>
    static (long Unit, string Name) UnitOf(int digits) => digits switch
    {
        9 or 10 or 11 => (Timestamps.Second, "s"),
        12 or 13 or 14 => (1_000_000, "ms"),
        15 or 16 or 17 => (1000, "us"),
        18 or 19 => (1, "ns"),
        _ => (0, ""),
    };
}
