using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>
/// Lines without structure: the line is the message, and an ISO time at its beginning, bare or in square brackets, its
/// time. Accepts every line.
/// </summary>
sealed class TextParser : LineParser
{
    RecordBatch _batch = null!;

    public override string Format => Shape.Format;

    public override RecordShape Shape => RecordShape.Plain;

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

    static bool TryReadTime(ReadOnlySpan<byte> text, out long time)
    {
        if (text is [(byte)'[', ..])
        {
            text = text[1..];
        }

        return Timestamps.TryParseIso(text, out time, out var length)
            && (length == text.Length || !(char.IsAsciiLetterOrDigit((char)text[length])));
    }
}
