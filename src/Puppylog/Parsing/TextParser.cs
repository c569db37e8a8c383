using Puppylog.Parsing.Multiline;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Lines without structure: the line is the message, and a time at its beginning, bare or in square brackets, its time.
/// Accepts every line.
/// </summary>
sealed class TextParser : LineParser
{
    readonly TimeReader _times = new();
    RecordBatch _batch = null!;

    public override string Format => Shape.Format;

    public override RecordShape Shape => RecordShape.Plain;

    /// <summary>By their times where they have some; else by traces and indentation.</summary>
    public override LineJoin? CreateJoin() => new TimeJoin();

    public override void Bind(RecordBatch batch) => _batch = batch;

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        reason = null;
        if (ReplaceTimes || !TryReadTime(_batch.Value(line), out var time))
        {
            time = ReadTime;
        }

        _batch.Add(time, line, line, 0);
        return true;
    }

    bool TryReadTime(ReadOnlySpan<byte> text, out long time) =>
        _times.TryRead(text is [(byte)'[', ..] ? text[1..] : text, ReadTime, out time, out _);
}
