using System.Text;
using Puppylog.Records;

namespace Puppylog.Parsing.Times;

/// <summary>
/// The ways besides ISO 8601 in which logs write a time at the beginning of a line. Which one it is, the text decides; where
/// two would do, the one that is earlier in the list.
/// </summary>
sealed class TimeShapes
{
    /// <summary>Forms as <see cref="CalendarForm"/> has them; <c>*</c> is where a point or comma and one to nine digits may stand.</summary>
    static readonly string[] Shapes =
    [
        "YYYY/MM/DD hh:mm:ss*",     // nginx, Go
        "YY/MM/DD hh:mm:ss*",       // Hadoop, Spark
        "MMM _D hh:mm:ss*",         // syslog
        "MMM DD hh:mm:ss*",
        "MMM DD, YYYY hh:mm:ss*",
        "MMM DD YYYY hh:mm:ss*",    // Cisco
        "MMM _D YYYY hh:mm:ss*",
        "EEE MMM DD hh:mm:ss* YYYY", // Apache
        "EEE MMM _D hh:mm:ss* YYYY", // ctime
        "EEE, DD MMM YYYY hh:mm:ss", // RFC 1123
        "MM-DD hh:mm:ss*",          // Android
        "DD/MMM/YYYY:hh:mm:ss*",    // access logs
        "DD-MMM-YYYY hh:mm:ss*",    // Tomcat
        "DD/MMM/YYYY hh:mm:ss*",
        "DD MMM YYYY hh:mm:ss*",    // Redis: 21 Nov 2026 14:00:05.123
        "DD.MM.YYYY hh:mm:ss*",
        "MM/DD/YYYY hh:mm:ss*",
        "YYYY-MM-DD hh:mm:ss:fff",  // WebLogic, Kettle
        "YYYYMMDD hh:mm:ss*",
        "YYYYMMDDThhmmss*",
        "YYMMDD hhmmss",            // HDFS
        "hh:mm:ss*",                // logback without a pattern
    ];

    /// <summary>Each shape's first eight bytes, and which of them tell it: what no shape begins with is put away at once.</summary>
    static readonly FirstEight[] Beginnings = [.. Shapes.Select(FirstEight.Of)];

    readonly Dictionary<string, TimeForm> _made = new(StringComparer.Ordinal);
    readonly char[] _text = new char[TimeForm.MaxLength];
    TimeForm? _last;

    const int MostRefused = 1024;

    /// <summary>
    /// Beginnings that no shape has, as lines without a time have few of them: with addresses in front some hundred. Null until
    /// there is one: each of ten thousand files has a parser of its own.
    /// </summary>
    ulong[]? _refused;

    public bool TryRead(ReadOnlySpan<byte> text, long reference, out long time, out int length, out TimeForm? form)
    {
        time = 0;
        length = 0;
        form = null;
        if (text.Length < 8 || !(text[0] is >= (byte)'0' and <= (byte)'9' || (text[0] is >= (byte)'A' and <= (byte)'W' && text[1] is >= (byte)'a' and <= (byte)'z')))
        {
            return false;
        }

        if (_last is not null && IsEnd(text, _last.Text.Length) && !HasZone(text, _last.Text.Length) && _last.Calendar!.TryRead(text, reference, out time))
        {
            form = _last;
            length = form.Text.Length;
            return true;
        }

        var eight = FirstEight.Of(text);
        if (_refused is not null && _refused[eight.Slot(MostRefused)] == eight.Kinds)
        {
            return false;
        }

        var mayBegin = false;
        for (var i = 0; i < Shapes.Length; i++)
        {
            var shape = Shapes[i];
            if (!Beginnings[i].MayBegin(eight))
            {
                continue;
            }

            mayBegin = true;
            if (Fit(text, shape) is { } made && IsEnd(text, made.Text.Length) && made.Calendar!.TryRead(text, reference, out time))
            {
                form = _last = made;
                length = made.Text.Length;
                return true;
            }
        }

        if (!mayBegin)
        {
            _refused ??= [.. Enumerable.Repeat(ulong.MaxValue, MostRefused)];
            _refused[eight.Slot(MostRefused)] = eight.Kinds;
        }

        return false;
    }

    /// <summary>An ISO time with the name or number of its zone behind a space; null where none follows.</summary>
    /// <param name="text">The line.</param>
    /// <param name="length">Of the time without it.</param>
    public TimeForm? WithZone(ReadOnlySpan<byte> text, int length)
    {
        if (length < 19 || text[length - 1] is (byte)'Z' or (byte)'z')
        {
            return null;
        }

        var zone = ZoneLength(text[(length + 1)..]);

        // PostgreSQL writes two digits where the zone has no name, and the process in brackets or a value behind them.
        if (zone == 0 && text.Length > length + 5 && text[(length + 4)..] is [(byte)' ', (byte)'[', ..] or [(byte)',', (byte)'"' or (byte)',', ..] && Timestamps.TryZone(text.Slice(length + 1, 3), out _, out _))
        {
            zone = 3;
        }

        if (zone == 0 || length + 1 + zone > _text.Length)
        {
            return null;
        }

        "YYYY-MM-DD".CopyTo(_text);
        _text[10] = (char)text[10];
        "hh:mm:ss".CopyTo(_text.AsSpan(11));
        for (var i = 19; i < length; i++)
        {
            _text[i] = text[i] is >= (byte)'0' and <= (byte)'9' ? 'f' : (char)text[i];
        }

        Encoding.Latin1.GetChars(text.Slice(length, 1 + zone), _text.AsSpan(length));
        return Make(_text.AsSpan(0, length + 1 + zone));
    }

    /// <summary>The shape as the text has it, with its digits of the second and its zone; null where they do not fit each other.</summary>
    TimeForm? Fit(ReadOnlySpan<byte> text, string shape)
    {
        var made = 0;
        foreach (var c in shape)
        {
            if (c != '*')
            {
                // A quick look, so that most shapes are put away at once.
                if (made >= text.Length || !MayBe(c, text[made]))
                {
                    return null;
                }

                _text[made++] = c;
                continue;
            }

            var digits = made < text.Length && text[made] is (byte)'.' or (byte)',' ? Digits(text[(made + 1)..]) : 0;
            if (digits is > 0 and <= 9)
            {
                _text[made++] = (char)text[made - 1];
                _text.AsSpan(made, digits).Fill('f');
                made += digits;
            }
        }

        if (made < text.Length)
        {
            var space = text[made] == ' ' ? 1 : 0;
            var zone = ZoneLength(text[(made + space)..]);
            zone = zone == 0 && space == 0 && text[made] == 'Z' ? 1 : zone;
            if (zone > 0 && shape[^1] is '*' or 's' && made + space + zone <= _text.Length)
            {
                Encoding.Latin1.GetChars(text.Slice(made, space + zone), _text.AsSpan(made));
                made += space + zone;
            }
        }

        return Make(_text.AsSpan(0, made));
    }

    static bool MayBe(char pattern, byte b) => pattern switch
    {
        'Y' or 'D' or 'h' or 'm' or 's' or 'f' => b is >= (byte)'0' and <= (byte)'9',
        '_' => b is (byte)' ',
        'M' => b is >= (byte)'0' and <= (byte)'9' || char.IsAsciiLetter((char)b),
        'E' => char.IsAsciiLetter((char)b),
        _ => b == pattern,
    };

    static int Digits(ReadOnlySpan<byte> text)
    {
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits < 0 ? text.Length : digits;
    }

    /// <summary>True where a zone stands behind a time of that length and a space.</summary>
    public static bool HasZone(ReadOnlySpan<byte> text, int length) =>
        text.Length > length + 1 && text[length] == ' ' && text[length + 1] is (byte)'+' or (byte)'-' or (>= (byte)'A' and <= (byte)'Z') && ZoneLength(text[(length + 1)..]) > 0;

    /// <summary>The length of <c>+0200</c>, <c>+02:00</c> or <c>CEST</c>; 0 where there is none. Two digits alone are none here.</summary>
    public static int ZoneLength(ReadOnlySpan<byte> text)
    {
        if (Timestamps.TryZone(text, out _, out var length) && length > 3 && (text.Length == length || !char.IsAsciiLetterOrDigit((char)text[length])))
        {
            return length;
        }

        return ZoneNames.LengthAt(text);
    }

    TimeForm? Make(ReadOnlySpan<char> text)
    {
        var lookup = _made.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        if (!TimeForm.TryParse(text.ToString(), out var form) || form.Calendar is null || _made.Count > 256)
        {
            return null;
        }

        _made.Add(form.Text, form);
        return form;
    }

    /// <summary>True where a time of that length can end: no letter or digit follows, nor digits behind a point, comma or colon.</summary>
    static bool IsEnd(ReadOnlySpan<byte> text, int length) =>
        text.Length == length
        || (text.Length > length && !char.IsAsciiLetterOrDigit((char)text[length])
            && !(text.Length > length + 1 && text[length] is (byte)'.' or (byte)',' or (byte)':' && char.IsAsciiDigit((char)text[length + 1])));
}
