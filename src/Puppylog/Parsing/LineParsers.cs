using Puppylog.Records;

namespace Puppylog.Parsing;

/// <summary>Stub: the room Parsing brings the real one.</summary>
static class LineParsers
{
    public static LineParser Create(string format, bool replaceTimes) => new StubLineParser { ReplaceTimes = replaceTimes };

    sealed class StubLineParser : LineParser
    {
        RecordBatch _batch = null!;

        public override string Format => "combined";

        public override RecordShape Shape { get; } = new(
            "combined", [], [new(FieldNames.Path, FieldNames.Route, DerivedFunction.Path), new(FieldNames.Section, FieldNames.Route, DerivedFunction.Section)]);

        public override InvalidLines DefaultInvalid => InvalidLines.Report;

        public override void Bind(RecordBatch batch) => _batch = batch;

        public override bool TryParse(ByteSpan line, out string? reason)
        {
            reason = "stub";
            var text = _batch.Value(line);
            var open = text.IndexOf((byte)'[');
            var close = text.IndexOf((byte)']');
            if (open < 0 || close - open != 27 || !Timestamps.TryParseClf(text[(open + 1)..close], out var time))
            {
                return false;
            }

            var quote = close + 2;
            var endQuote = quote + 1 + text[Math.Min(text.Length, quote + 1)..].IndexOf((byte)'"');
            if (endQuote <= quote || endQuote + 6 > text.Length)
            {
                return false;
            }

            var row = _batch.Add(time, line, line, 0);
            _batch.Column(FieldNames.Host).Set(row, new(line.Offset, text.IndexOf((byte)' ')));
            var request = text[(quote + 1)..endQuote];
            var space = request.IndexOf((byte)' ');
            var second = space < 0 ? -1 : request[(space + 1)..].IndexOf((byte)' ');
            if (second >= 0)
            {
                _batch.Column(FieldNames.Route).Set(row, new(line.Offset + quote + 1 + space + 1, second));
            }

            _batch.Column(FieldNames.Status).Set(row, new(line.Offset + endQuote + 2, 3));
            var bytes = text[(endQuote + 6)..];
            var end = bytes.IndexOf((byte)' ');
            _batch.Column(FieldNames.Bytes).Set(row, new(line.Offset + endQuote + 6, end < 0 ? bytes.Length : end));
            var last = text.LastIndexOf((byte)' ');
            if (text[^1] is >= (byte)'0' and <= (byte)'9' && last > endQuote + 6)
            {
                _batch.Column(FieldNames.Duration).Set(row, new(line.Offset + last + 1, text.Length - last - 1));
            }

            return true;
        }
    }
}
