using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Parsing.Times;

/// <summary>
/// Reads the times at the beginning of texts, in whatever form they are written (<see cref="TimeShapes"/>) or in one that is
/// given. Neighbouring lines mostly have the same minute: then only the second and its fraction are read.
/// </summary>
/// <param name="only">The only form that is read; null for all.</param>
sealed class TimeReader(TimeForm? only = null)
{
    readonly TimeForms _forms = new();
    readonly TimeShapes _shapes = new();
    readonly byte[] _known = new byte[TimeForm.MaxLength];
    readonly byte[] _written = new byte[TimeForm.MaxLength];
    int _knownLength;

    /// <summary>The known time and the byte behind it, with a zero for each digit that may be another, and how far a byte may lie above it.</summary>
    Vector256<byte> _least;
    Vector256<byte> _range;

    /// <summary>True where times of the known minute can be told by these.</summary>
    bool _isShort;

    /// <summary>Where the second's two digits stand; -1 where the form has none.</summary>
    int _secondAt;
    int _fractionAt;
    int _fractionEnd;
    int _following;
    long _scale;

    /// <summary>The time that is known without its second and fraction.</summary>
    long _base;

    /// <summary>How the time that was read last is written; null where no form gives it back.</summary>
    public TimeForm? Form { get; private set; }

    /// <param name="text">The time, and what follows.</param>
    /// <param name="reference">For times without a year or a date: about when it is, nanoseconds since 1970.</param>
    /// <param name="time">Nanoseconds since 1970, UTC.</param>
    /// <param name="length">What it takes of the text.</param>
    public bool TryRead(ReadOnlySpan<byte> text, long reference, out long time, out int length)
    {
        length = _knownLength;
        if (_isShort && text.Length >= Vector256<byte>.Count && TryShort(text, out time))
        {
            return true;
        }

        if (length > 0 && text.Length >= length && (text.Length == length ? -1 : text[length]) == _following
            && TrySecond(text[.._fractionAt], out var second)
            && text[_fractionEnd..length].SequenceEqual(_known.AsSpan(_fractionEnd, length - _fractionEnd))
            && TryFraction(text[_fractionAt.._fractionEnd], _base + second, out time)
            && !TimeShapes.HasZone(text, length))
        {
            return true;
        }

        _knownLength = 0;
        _isShort = false;
        if (!(only is null ? TryAny(text, reference, out time, out length) : TryOnly(text, reference, out time, out length)))
        {
            Form = null;
            return false;
        }

        // A leap second or a wrong weekday is not given back.
        if (Form is not null && (length > TimeForm.MaxLength || !_written.AsSpan(0, Form.Write(time, _written)).SequenceEqual(text[..length])))
        {
            Form = null;
        }

        Remember(text, time, length);
        return true;
    }

    /// <summary>Reads a time of the known minute; false where it may still be one.</summary>
    /// <param name="text">At least as long as a vector.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    bool TryShort(ReadOnlySpan<byte> text, out long time)
    {
        time = _base;
        if (!Vector256.LessThanOrEqualAll(Vector256.Create(text) - _least, _range))
        {
            return false;
        }

        if (_secondAt >= 0)
        {
            time += ((text[_secondAt] * 10) + text[_secondAt + 1] - ('0' * 11)) * 1_000_000_000L;
        }

        return (_fractionAt == _fractionEnd || TryFraction(text[_fractionAt.._fractionEnd], time, out time))
            && !TimeShapes.HasZone(text, _knownLength);
    }

    /// <summary>Makes out how times of the known minute are told at once, where they are short enough.</summary>
    void RememberShort()
    {
        var length = _knownLength;
        _isShort = length < Vector256<byte>.Count && _following >= 0;
        if (!_isShort)
        {
            return;
        }

        Span<byte> least = stackalloc byte[Vector256<byte>.Count];
        Span<byte> range = stackalloc byte[Vector256<byte>.Count];
        range.Fill(byte.MaxValue);
        range[..(length + 1)].Clear();
        _known.AsSpan(0, length).CopyTo(least);
        least[length] = (byte)_following;
        for (var at = _fractionAt; at < _fractionEnd; at++)
        {
            (least[at], range[at]) = ((byte)'0', 9);
        }

        if (_secondAt >= 0)
        {
            (least[_secondAt], range[_secondAt]) = ((byte)'0', 5);
            (least[_secondAt + 1], range[_secondAt + 1]) = ((byte)'0', 9);
        }

        (_least, _range) = (Vector256.Create<byte>(least), Vector256.Create<byte>(range));
    }

    /// <summary>True where what stands before the fraction is known but for the second, which becomes nanoseconds.</summary>
    bool TrySecond(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (_secondAt < 0)
        {
            return text.SequenceEqual(_known.AsSpan(0, text.Length));
        }

        var tens = (uint)(text[_secondAt] - '0');
        var ones = (uint)(text[_secondAt + 1] - '0');
        nanoseconds = ((tens * 10) + ones) * 1_000_000_000L;
        // A leap second is none of its minute.
        return tens <= 5 && ones <= 9
            && text[.._secondAt].SequenceEqual(_known.AsSpan(0, _secondAt))
            && text[(_secondAt + 2)..].SequenceEqual(_known.AsSpan(_secondAt + 2, text.Length - _secondAt - 2));
    }

    bool TryFraction(ReadOnlySpan<byte> digits, long second, out long time)
    {
        var fraction = 0L;
        time = 0;
        foreach (var b in digits)
        {
            var digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            fraction = (fraction * 10) + digit;
        }

        time = second + (fraction * _scale);

        // Of a fraction that is as long as it needs, the last digit is no zero.
        return !digits.IsEmpty && digits[^1] == '0' ? Form is null or { HasNeededDigits: false } : true;
    }

    void Remember(ReadOnlySpan<byte> text, long time, int length)
    {
        if (length > TimeForm.MaxLength || Form is null)
        {
            return;
        }

        var digits = Form.Calendar is { } calendar ? calendar.FractionDigits : FractionOf(text[..length]);
        _fractionAt = digits == 0 ? length : Form.Calendar?.FractionAt ?? 20;
        _fractionEnd = _fractionAt + digits;
        _scale = 1;
        for (var i = digits; i < 9; i++)
        {
            _scale *= 10;
        }

        if (digits > 9 || Form.Text[0] is 's' or 'm' or 'u' or 'n')
        {
            return;
        }

        text[..length].CopyTo(_known);
        _secondAt = Form.Text.AsSpan(0, Math.Min(_fractionAt, Form.Text.Length)).IndexOf("ss");
        if (!TrySecond(text[.._fractionAt], out var second))
        {
            return;
        }

        TryFraction(text[_fractionAt.._fractionEnd], 0, out var fraction);
        _base = time - second - fraction;
        _following = text.Length == length ? -1 : text[length];
        _knownLength = length;
        RememberShort();
    }

    /// <summary>Digits behind the second's point of an ISO time.</summary>
    static int FractionOf(ReadOnlySpan<byte> text)
    {
        if (text.Length < 21 || text[19] is not ((byte)'.' or (byte)','))
        {
            return 0;
        }

        var digits = text[20..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits < 0 ? text.Length - 20 : digits;
    }

    bool TryAny(ReadOnlySpan<byte> text, long reference, out long time, out int length)
    {
        if (text.Length > 10 && text[4] == '-' && !(text.Length > 20 && text[19] == ':') && Timestamps.TryParseIso(text, out time, out length))
        {
            if (text.Length - length > 3 && text[length] == ' ' && _shapes.WithZone(text, length) is { } zoned && zoned.Calendar!.TryRead(text, reference, out time))
            {
                Form = zoned;
                length = zoned.Text.Length;
                return true;
            }

            Form = length >= 19 ? _forms.Of(text[..length]) : null;
            return length == text.Length || !char.IsAsciiLetterOrDigit((char)text[length]);
        }

        return _shapes.TryRead(text, reference, out time, out length, out var form) & (Form = form) is not null;
    }

    bool TryOnly(ReadOnlySpan<byte> text, long reference, out long time, out int length)
    {
        Form = only;
        if (only!.Calendar is { } calendar)
        {
            length = calendar.Text.Length;
            return calendar.TryRead(text, reference, out time);
        }

        if (only.Text[0] == 'Y')
        {
            if (!Timestamps.TryParseIso(text, out time, out length))
            {
                return false;
            }

            Form = only.IsOf(text[..length]) ? only : _forms.Of(text[..length]);
            return true;
        }

        length = 0;
        while (length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9' or (byte)'.')
        {
            length++;
        }

        return EpochTime.TryRead(text[..length], only.Text, out time);
    }
}
