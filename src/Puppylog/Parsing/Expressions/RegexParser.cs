using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing.Expressions;

/// <summary>
/// Lines by a regular expression of the user's: its named groups are fields, <c>time</c>, <c>message</c> (or <c>msg</c>) and
/// <c>level</c> what they are everywhere. It runs in time linear in the line's length, or, where it needs what that cannot do
/// (looking around, backreferences), with a time limit. Slower than a pattern, which is why those are there.
/// </summary>
sealed class RegexParser : LineParser
{
    /// <summary>For one line.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    static readonly RecordShape RegexShape = new("regex", [], []);

    readonly Regex _expression;
    readonly TimeReader _times = new();
    readonly LevelColumns _levels = new();
    readonly (int Number, string Name)[] _groups;
    RecordBatch _batch = null!;
    readonly BatchColumn?[] _columns;
    BatchColumn? _lineTime;
    char[] _text = new char[512];

    RegexParser(Regex expression)
    {
        _expression = expression;
        _groups =
        [
            .. expression.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0])).Select(name => (expression.GroupNumberFromName(name), name switch
            {
                "time" or "timestamp" => FieldNames.Time,
                "message" or "msg" => FieldNames.Message,
                _ => name,
            })),
        ];
        _columns = new BatchColumn?[_groups.Length];
    }

    public override string Format => Shape.Format;

    public override RecordShape Shape => RegexShape;

    /// <exception cref="ArgumentException">It is no expression (the message says where), or has no named group.</exception>
    public static RegexParser Create(string expression, bool replaceTimes)
    {
        const RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
        Regex made;
        try
        {
            made = new(expression, options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            made = new(expression, options, Limit);
        }

        var parser = new RegexParser(made) { ReplaceTimes = replaceTimes };
        return parser._groups.Length == 0 ? throw new ArgumentException("expected a named group, like (?<message>.*)")
            : parser._groups.FirstOrDefault(group => FieldNames.IsHidden(group.Name) || group.Name is FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId) is { Name: { } name }
                ? throw new ArgumentException($"a group cannot have the product's own name {name}")
            : parser;
    }

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _levels.Bind(batch);
        _columns.AsSpan().Clear();
        _lineTime = null;
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var bytes = _batch.Value(line);
        if (bytes is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        if (_text.Length < bytes.Length)
        {
            _text = new char[bytes.Length * 2];
        }

        // Bytes that are no UTF-8 are looked at one by one, so that every place in the text is one in the line.
        var isText = Utf8.IsValid(bytes);
        var length = (isText ? Encoding.UTF8 : Encoding.Latin1).GetChars(bytes, _text);
        var isAscii = length == bytes.Length;
        Match match;
        try
        {
            match = _expression.Match(new string(_text, 0, length));
        }
        catch (RegexMatchTimeoutException)
        {
            reason = "the expression takes too long on the line";
            return false;
        }

        if (!match.Success)
        {
            reason = "the line does not match the expression";
            return false;
        }

        reason = null;
        Add(line, match, isAscii);
        return true;
    }

    void Add(ByteSpan line, Match match, bool isAscii)
    {
        var time = ReadTime;
        var message = line;
        var timeText = ByteSpan.Absent;
        foreach (var (number, name) in _groups)
        {
            var value = Place(line, match.Groups[number], isAscii);
            if (name == FieldNames.Message && !value.IsAbsent)
            {
                message = value;
            }
            else if (name == FieldNames.Time && !value.IsAbsent)
            {
                timeText = value;
            }
        }

        var isTime = !timeText.IsAbsent && TryReadTime(_batch.Value(timeText), out time);
        if (isTime && !ReplaceTimes && _times.Form is { } form)
        {
            _batch.AddTimeForm(form);
        }

        var row = _batch.Add(ReplaceTimes || !isTime ? ReadTime : time, line, message, 0);
        if (!timeText.IsAbsent && (!isTime || ReplaceTimes))
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, timeText);
        }

        for (var i = 0; i < _groups.Length; i++)
        {
            var (number, name) = _groups[i];
            var value = Place(line, match.Groups[number], isAscii);
            if (value.IsAbsent || name is FieldNames.Time or FieldNames.Message)
            {
                continue;
            }

            if (name == FieldNames.Level)
            {
                var text = _batch.Value(value);
                var level = LevelWords.Of(text);
                _levels.Set(row, value, level, LevelColumns.ColumnOf(text, level));
            }
            else
            {
                (_columns[i] ??= _batch.Column(name)).Set(row, value);
            }
        }
    }

    bool TryReadTime(ReadOnlySpan<byte> text, out long time) =>
        (_times.TryRead(text, ReadTime, out time, out var length) && length == text.Length) || EpochTime.TryRead(text, out time);

    /// <summary>Where a group lies in the batch; absent where it took no part in the match.</summary>
    ByteSpan Place(ByteSpan line, Group group, bool isAscii) =>
        !group.Success ? ByteSpan.Absent
        : isAscii ? new(line.Offset + group.Index, group.Length)
        : new(line.Offset + Encoding.UTF8.GetByteCount(_text.AsSpan(0, group.Index)), Encoding.UTF8.GetByteCount(_text.AsSpan(group.Index, group.Length)));
}
