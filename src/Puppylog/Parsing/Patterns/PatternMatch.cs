using System.Buffers;
using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Patterns;

/// <summary>Lays patterns over lines: where each part lies. One line at a time; kept and reused.</summary>
sealed class PatternMatch(int maxParts)
{
    /// <summary>Places that are tried for the ends of fields, in all, before a line does not match.</summary>
    const int MaxTries = 256;

    static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    static readonly SearchValues<byte> CallerEnd = SearchValues.Create(": \t\r\n"u8);
    static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    readonly int[] _starts = new int[maxParts];
    readonly int[] _ends = new int[maxParts];
    readonly Dictionary<TimeForm, TimeReader> _readers = [];
    readonly LevelMemo _levels = new();
    readonly TimeReader _anyTime = new();
    LinePattern _pattern = null!;
    int _tries;
    bool _toEnd = true;
    int _firstLine;

    // The time at one place of the line, as several patterns look for it there.
    int _timeAt;
    bool _timeIs;
    long _timeValue;
    int _timeLength;
    TimeForm? _timeForm;

    /// <summary>Nanoseconds since 1970: the time that times without a year are read by.</summary>
    public long Reference { get; set; }

    /// <summary>Nanoseconds since 1970; of a pattern that has a time.</summary>
    public long Time { get; private set; }

    /// <summary>How the time is written; null where no form gives it back.</summary>
    public TimeForm? Form { get; private set; }

    public Level Level { get; private set; }

    /// <summary>The field that has the level as the line has it.</summary>
    public string LevelColumn { get; private set; } = "";

    /// <summary>The furthest place that a part did not fit, and that part; of the lines that did not match since <see cref="Begin"/>.</summary>
    public (int At, PatternPart? Part) Failure { get; private set; }

    public ReadOnlySpan<int> Starts => _starts;

    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>Begins another record.</summary>
    public void Begin(ReadOnlySpan<byte> text)
    {
        var newline = text.IndexOf((byte)'\n');
        BeginLine(newline < 0 ? text.Length : newline);
    }

    /// <summary>Begins a line that is known to be one, of so many bytes.</summary>
    public void BeginLine(int length)
    {
        _timeAt = -1;
        _firstLine = length;
        Failure = (-1, null);
    }

    /// <summary>True where the whole line follows the pattern.</summary>
    public bool Matches(LinePattern pattern, ReadOnlySpan<byte> text)
    {
        _pattern = pattern;
        _tries = MaxTries;
        return Match(text, 0, 0, pattern.Parts.Length);
    }

    /// <summary>True where the line begins with the whole pattern.</summary>
    public bool IsPrefix(LinePattern pattern, ReadOnlySpan<byte> text)
    {
        _pattern = pattern;
        _tries = MaxTries;
        _toEnd = false;
        var matches = Match(text, 0, 0, pattern.Parts.Length);
        _toEnd = true;
        return matches;
    }

    /// <summary>True where the line begins as lines of the pattern do.</summary>
    public bool Begins(LinePattern pattern, ReadOnlySpan<byte> text)
    {
        _pattern = pattern;
        _tries = MaxTries;
        return Match(text, 0, 0, pattern.StartEnd);
    }

    bool Match(ReadOnlySpan<byte> text, int index, int at, int end)
    {
        var parts = _pattern.Parts;
        for (; index < end; index++)
        {
            var part = parts[index];
            _starts[index] = at;
            if (part.Literal is { } literal)
            {
                if (!text[at..].StartsWith(literal))
                {
                    return Fail(at, part);
                }

                at += literal.Length;
            }
            else if (part.LeastSpaces is { } least)
            {
                var spaces = text[at..].IndexOfAnyExcept((byte)' ');
                spaces = spaces < 0 ? text.Length - at : spaces;
                if (spaces < least)
                {
                    return Fail(at, part);
                }

                at += spaces;
            }
            else if (part.Type is PatternType.Text or PatternType.Word)
            {
                return MatchText(text, index, at, end);
            }
            else
            {
                var length = Scan(part, text[at..], at);
                if (length <= 0)
                {
                    return Fail(at, part);
                }

                if (index == _pattern.TimeAt)
                {
                    (Time, Form) = (_timeValue, _timeForm);
                }

                at += length;
            }

            _ends[index] = at;
        }

        return end < parts.Length || !_toEnd || at == text.Length || Fail(at, null);
    }

    bool Fail(int at, PatternPart? part)
    {
        if (at > Failure.At)
        {
            Failure = (at, part);
        }

        return false;
    }

    /// <summary>A field that ends where the next part begins: the shortest with which the rest matches.</summary>
    bool MatchText(ReadOnlySpan<byte> text, int index, int at, int end)
    {
        var parts = _pattern.Parts;
        var part = parts[index];
        if (index + 1 == parts.Length)
        {
            _ends[index] = text.Length;
            return IsOf(part, text[at..], index) || Fail(at, part);
        }

        var next = parts[index + 1];
        var skipsSpaces = next.LeastSpaces == 0;
        next = skipsSpaces && index + 2 < parts.Length ? parts[index + 2] : next;
        var limit = next.Literal is { } literal && literal.Contains((byte)'\n') || at > _firstLine ? text.Length : _firstLine;
        for (var from = at; --_tries >= 0;)
        {
            var found = next.Literal is { } bytes ? text[from..limit].IndexOf(bytes)
                : next.LeastSpaces is not null ? text[from..limit].IndexOf((byte)' ')
                : -1;
            if (found < 0)
            {
                return Fail(at, next);
            }

            var stop = from + found;
            from = stop + 1;
            while (skipsSpaces && stop > at && text[stop - 1] == ' ')
            {
                stop--;
            }

            _ends[index] = stop;
            if (!IsOf(part, text[at..stop], index))
            {
                if (part.Type == PatternType.Word && stop > at)
                {
                    return Fail(at, part);
                }

                continue;
            }

            if (Match(text, index + 1, stop, end))
            {
                return true;
            }
        }

        return false;
    }

    bool IsOf(PatternPart part, ReadOnlySpan<byte> value, int index)
    {
        if (part.Type == PatternType.Word && (value.IsEmpty || value.ContainsAny(White)))
        {
            return false;
        }

        if (index == _pattern.LevelAt)
        {
            (Level, LevelColumn) = _levels.Of(value);
        }

        return true;
    }

    /// <summary>The length of a field that tells itself where it ends; 0 where it is not there.</summary>
    int Scan(PatternPart part, ReadOnlySpan<byte> text, int at) => part.Type switch
    {
        PatternType.Time => ScanTime(part, text, at),
        PatternType.Level => ScanLevel(text),
        PatternType.Letter => ScanLetter(text),
        PatternType.Int => Digits(text),
        PatternType.Number => ScanNumber(text),
        PatternType.Caller => ScanCaller(text),
        PatternType.Dotted => ScanName(text) is var name && text[..name].Contains((byte)'.') ? name : 0,
        _ => ScanName(text),
    };

    int ScanTime(PatternPart part, ReadOnlySpan<byte> text, int at)
    {
        if (part.Form is { } form)
        {
            if (!_readers.TryGetValue(form, out var reader))
            {
                _readers.Add(form, reader = new(form));
            }

            if (!reader.TryRead(text, Reference, out var time, out var length))
            {
                return 0;
            }

            _timeAt = -1;
            _timeValue = time;
            _timeForm = reader.Form;
            return length;
        }

        if (_timeAt != at)
        {
            _timeAt = at;
            _timeIs = _anyTime.TryRead(text, Reference, out _timeValue, out _timeLength);
            _timeForm = _anyTime.Form;
        }

        return _timeIs ? _timeLength : 0;
    }

    int ScanLevel(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetterOrDigit((char)text[length]))
        {
            length++;
        }

        (Level, LevelColumn) = _levels.Of(text[..length]);
        return Level == Level.Unknown ? 0 : length;
    }

    /// <summary>Also A, Android's "assert".</summary>
    int ScanLetter(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterUpper((char)text[0]))
        {
            return 0;
        }

        (Level, LevelColumn) = text[0] == 'A' ? (Level.Fatal, FieldNames.LevelText) : _levels.Of(text[..1]);
        return Level == Level.Unknown ? 0 : 1;
    }

    static int Digits(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text.Length : length;
    }

    static int ScanNumber(ReadOnlySpan<byte> text)
    {
        var sign = text is [(byte)'-', ..] ? 1 : 0;
        var digits = Digits(text[sign..]);
        if (digits == 0)
        {
            return 0;
        }

        var length = sign + digits;
        if (length < text.Length && text[length] == '.' && Digits(text[(length + 1)..]) is > 0 and var fraction)
        {
            length += 1 + fraction;
        }

        return length;
    }

    /// <summary><c>main.go:23</c>, <c>pkg/app/main.go:23</c></summary>
    static int ScanCaller(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOfAny(CallerEnd);
        if (colon < 0 || text[colon] != ':')
        {
            return 0;
        }

        var name = text[..colon];
        var extension = name.LastIndexOf((byte)'.') + 1;
        var digits = Digits(text[(colon + 1)..]);
        return extension > 1 && extension < name.Length && !name[extension..].ContainsAnyExcept(Letters) && digits > 0 ? colon + 1 + digits : 0;
    }

    static int ScanName(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetter((char)text[length]) || text[length] == '_'
            || (length > 0 && (char.IsAsciiDigit((char)text[length]) || text[length] is (byte)'.' or (byte)'$' or (byte)'-'))))
        {
            length++;
        }

        return length;
    }
}
