using System.Runtime.CompilerServices;
using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Lines without structure: the line is the message, and a time at its beginning, bare or in square brackets, its time.
/// Accepts every line. Where a form writes the time again, the line is that and what follows it.
/// </summary>
sealed class TextParser : LineParser
{
    /// <summary>What follows a line's time and the byte behind it.</summary>
    const string LineText = FieldNames.HiddenPrefix + "text";

    readonly TimeReader _times = new();
    readonly TimeReader _startTimes = new();
    readonly LineForms _forms = new();
    RecordBatch _batch = null!;
    BatchColumn? _text;

    public override string Format => Shape.Format;

    public override RecordShape Shape => RecordShape.Plain;

    /// <summary>By their times where they have some; else by traces and indentation.</summary>
    public override LineJoin? CreateJoin() => new TimeJoin(_startTimes);

    public override void Bind(RecordBatch batch)
    {
        _batch = batch;
        _text = null;
        _forms.Bind(batch);
    }

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        reason = null;
        var text = _batch.Value(line);
        var start = text is [(byte)'[', ..] ? 1 : 0;
        if (ReplaceTimes || !_times.TryRead(text[start..], ReadTime, out var time, out var length))
        {
            _batch.Add(ReadTime, line, line, 0);
            return true;
        }

        var at = start + length;
        var template = _times.Form is { } form && at < text.Length && IsBetween(text[at]) ? Template(form, start, text[at]) : (byte)0;
        var row = _batch.Add(time, line, line, template);
        if (template != 0)
        {
            (_text ??= _batch.Column(LineText)).Set(row, new(line.Offset + at + 1, text.Length - at - 1));
        }

        return true;
    }

    /// <summary>Bytes that belong to no word, so that a line's words are those of its parts.</summary>
    static bool IsBetween(byte b) => b is (byte)' ' or (byte)']' or (byte)'\t' or (byte)':' or (byte)',' or (byte)';' or (byte)'|' or (byte)'-';

    byte Template(TimeForm form, int start, byte between)
    {
        var signature = ((ulong)(uint)RuntimeHelpers.GetHashCode(form) << 16) + ((ulong)between << 1) + (ulong)start;
        return _forms.TryFind(signature, out var number) ? number : _forms.Learn(
            signature,
            [
                new(TemplatePartKind.Literal, start == 0 ? "" : "["),
                new(TemplatePartKind.Time, FieldNames.Time) { Time = form },
                new(TemplatePartKind.Literal, ((char)between).ToString()),
                new(TemplatePartKind.Field, LineText),
            ]);
    }
}
