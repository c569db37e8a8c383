using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Puppylog.Parsing.Levels;
using Puppylog.Parsing.Multiline;
using Puppylog.Records;

namespace Puppylog.Parsing.Patterns;

/// <summary>
/// Lines that follow one of several patterns; which one does not depend on the lines before. The patterns are the
/// templates of the lines too: one for each way in which spaces, times and levels are written.
/// </summary>
class PatternParser : LineParser
{
    const ulong Step = 0x9E37_79B9_7F4A_7C15;

    // One for all parsers of a format: sources of one shape share batches.
    static readonly ConcurrentDictionary<string, RecordShape> Shapes = new(StringComparer.Ordinal);

    readonly ImmutableArray<LinePattern> _patterns;
    readonly PatternMatch _match;
    readonly BatchColumn?[][] _columns;
    readonly LevelColumns _levels = new();
    readonly LineForms _forms = new();
    readonly bool _isOwn;
    readonly PatternList _list;
    readonly Lazy<PatternStarts?> _starts;
    RecordBatch _batch = null!;
    BatchColumn? _lineTime;
    int _last;
    int _current;

    /// <param name="format">The format's name.</param>
    /// <param name="list">The patterns.</param>
    /// <param name="isOwn">They are the user's: a line that does not match is told what was expected where.</param>
    public PatternParser(string format, PatternList list, bool isOwn = false)
    {
        var patterns = list.Patterns;
        Shape = Shapes.GetOrAdd(format, static format => new(format, [], []));
        _patterns = patterns;
        _isOwn = isOwn;
        _list = list;
        _starts = new(() => PatternStarts.TryCreate(patterns), isThreadSafe: false);
        _match = new(patterns.Max(pattern => pattern.Parts.Length));
        _columns = [.. patterns.Select(pattern => new BatchColumn?[pattern.Parts.Length])];
    }

    public override string Format => Shape.Format;

    public override RecordShape Shape { get; }

    /// <summary>The line that was parsed last is this format's and not any other's.</summary>
    public bool LastIsSure => _current < _list.Own;

    public override LineJoin? CreateJoin() => _starts.Value is { } starts ? new PatternJoin(starts) : null;

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _lineTime = null;
        _levels.Bind(batch);
        _forms.Bind(batch);
        foreach (var columns in _columns)
        {
            columns.AsSpan().Clear();
        }
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch.Value(line);
        if (text is [.., (byte)'\r'])
        {
            text = text[..^1];
        }

        _match.Reference = ReadTime;
        _match.Begin(text);
        var own = OwnLength(text);
        if (!TryFind(text[..own]))
        {
            reason = _isOwn ? Reason() : $"the line is not as {Format} has them";
            return false;
        }

        reason = null;
        Add(line, own, own < text.Length, _patterns[_current], _columns[_current]);
        return true;
    }

    /// <summary>How much of a record's text, from its beginning, follows a pattern; the rest is further lines that say something of their own.</summary>
    protected virtual int OwnLength(ReadOnlySpan<byte> text) => text.Length;

    /// <summary>Sets the fields of what does not follow the pattern.</summary>
    /// <param name="batch">Where the record is.</param>
    /// <param name="row">The record.</param>
    /// <param name="line">Its line.</param>
    /// <param name="from">Where that begins in the line, at a newline.</param>
    protected virtual void AddFurther(RecordBatch batch, int row, ByteSpan line, int from)
    {
    }

    bool TryFind(ReadOnlySpan<byte> text)
    {
        _current = _last;
        if (_match.Matches(_patterns[_last], text))
        {
            return true;
        }

        for (var i = 0; i < _patterns.Length; i++)
        {
            if (i != _last && _match.Matches(_patterns[i], text))
            {
                _current = i;
                _last = i < _list.Apart ? i : _last;
                return true;
            }
        }

        return false;
    }

    string Reason()
    {
        var (at, part) = _match.Failure;
        return $"the line does not follow the pattern: at byte {at + 1} expected {part?.Expected ?? "the end"}";
    }

    void Add(ByteSpan line, int length, bool hasFurther, LinePattern pattern, BatchColumn?[] columns)
    {
        var hasTime = pattern.TimeAt >= 0;
        var form = ReplaceTimes ? null : _match.Form;
        var message = pattern.MessageAt >= 0 ? SpanOf(line, pattern.MessageAt) : line;
        var level = pattern.LevelAt >= 0 ? SpanOf(line, pattern.LevelAt) : ByteSpan.Absent;
        var levelColumn = level.IsAbsent ? "" : _match.LevelColumn;
        var signature = Signature(pattern, form, levelColumn, length != line.Length);
        byte template = 0;
        if (!hasFurther && !_forms.TryFind(signature, out template))
        {
            template = _forms.Learn(signature, Parts(line, length, pattern, form, levelColumn));
        }

        var row = _batch.Add(ReplaceTimes || !hasTime ? ReadTime : _match.Time, line, message, template);
        if (level.Length > 0 && !IsDash(pattern.Parts[pattern.LevelAt], level))
        {
            _levels.Set(row, level, _match.Level, levelColumn);
        }

        if (hasFurther)
        {
            AddFurther(_batch, row, line, length);
        }

        if (hasTime && form is null)
        {
            (_lineTime ??= _batch.Column(FieldNames.LineTime)).Set(row, SpanOf(line, pattern.TimeAt));
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (pattern.Parts[i].Name is { } name && i != pattern.TimeAt && i != pattern.MessageAt && i != pattern.LevelAt)
            {
                var value = SpanOf(line, i);
                if (value.Length > 0 && !IsDash(pattern.Parts[i], value))
                {
                    (columns[i] ??= _batch.Column(name)).Set(row, value);
                }
            }
        }
    }

    ByteSpan SpanOf(ByteSpan line, int part) => new(line.Offset + _match.Starts[part], _match.Ends[part] - _match.Starts[part]);

    bool IsDash(PatternPart part, ByteSpan value) => part.DashIsAbsent && _batch.Value(value).SequenceEqual("-"u8);

    /// <summary>What tells the templates of the lines of one pattern apart.</summary>
    ulong Signature(LinePattern pattern, TimeForm? form, string levelColumn, bool hasReturn)
    {
        var signature = ((ulong)_current << 1) + (hasReturn ? 1UL : 0UL);
        signature = (signature * Step) ^ (ulong)levelColumn.Length;
        signature = (signature * Step) ^ (form is null ? 0UL : (uint)RuntimeHelpers.GetHashCode(form));
        foreach (var i in pattern.SpacesAt)
        {
            signature = (signature * Step) ^ (ulong)(_match.Ends[i] - _match.Starts[i]);
        }

        return signature;
    }

    List<TemplatePart>? Parts(ByteSpan line, int length, LinePattern pattern, TimeForm? form, string levelColumn)
    {
        var parts = new List<TemplatePart>();
        for (var i = 0; i < pattern.Parts.Length; i++)
        {
            var part = pattern.Parts[i];
            if (part.Name is null)
            {
                var literal = _batch.Value(SpanOf(line, i));
                parts.Add(new(TemplatePartKind.Literal, Encoding.UTF8.GetString(literal)));
                if (!Utf8.IsValid(literal))
                {
                    return null;
                }

                continue;
            }

            parts.Add(i == pattern.TimeAt && form is not null ? new(TemplatePartKind.Time, FieldNames.Time) { Time = form }
                : new(part.DashIsAbsent ? TemplatePartKind.FieldOrDash : TemplatePartKind.Field,
                    i == pattern.TimeAt ? FieldNames.LineTime : i == pattern.MessageAt ? FieldNames.Message : i == pattern.LevelAt ? levelColumn : part.Name));
        }

        if (length != line.Length)
        {
            parts.Add(new(TemplatePartKind.Literal, "\r"));
        }

        return parts;
    }
}
