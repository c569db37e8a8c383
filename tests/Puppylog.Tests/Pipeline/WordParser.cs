using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Records;

namespace Puppylog.Tests.Pipeline;

/// <summary>A format for tests: every line is valid but those that begin with <c>!</c>; <c>@5 text</c> has the time 5.</summary>
sealed class WordParser : LineParser
{
    static readonly RecordShape WordShape = new("word", [], []);
    RecordBatch? _batch;

    public static LineParserLookup Lookup { get; } =
        new(_ => "word", (_, replaceTimes) => new WordParser { ReplaceTimes = replaceTimes });

    public override string Format => "word";

    public override RecordShape Shape => WordShape;

    public override InvalidLines DefaultInvalid => InvalidLines.Report;

    public override void Bind(RecordBatch batch) => _batch = batch;

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        var text = _batch!.Value(line);
        reason = text.StartsWith("!"u8) ? "begins with !" : null;
        if (reason is not null)
        {
            return false;
        }

        var time = !ReplaceTimes && text.Length > 1 && text[0] == '@' ? text[1] - '0' : ReadTime;
        _batch.Add(time, line, line, 0);
        return true;
    }
}
