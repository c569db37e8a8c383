using Puppylog.Records;

namespace Puppylog.Parsing;

static class LineParsers
{
    public static LineParser Create(string format, bool replaceTimes) => new Stub { ReplaceTimes = replaceTimes };

    sealed class Stub : LineParser
    {
        RecordBatch _batch = new(RecordShape.Plain);

        public override string Format => "text";

        public override RecordShape Shape => RecordShape.Plain;

        public override void Bind(RecordBatch batch) => _batch = batch;

        public override bool TryParse(ByteSpan line, out string? reason)
        {
            reason = null;
            _batch.Add(ReadTime, line, line, 0);
            return true;
        }
    }
}
