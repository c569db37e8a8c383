using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Records;

namespace Puppylog.Tests.Pipeline;

/// <summary>A format for tests: a line that begins with a space goes on with the record before it; <c>1:</c> to <c>3:</c> name its channel, a dot at its end ends the record.</summary>
sealed class IndentParser : LineParser
{
    static readonly RecordShape IndentShape = new("indent", [], []);
    RecordBatch? _batch;

    public static LineParserLookup Lookup { get; } =
        new(_ => "indent", (_, replaceTimes) => new IndentParser { ReplaceTimes = replaceTimes });

    public override string Format => "indent";

    public override RecordShape Shape => IndentShape;

    /// <summary>The same for lines of several streams, whose records are held to be put in order.</summary>
    public static LineParserLookup Interleaved { get; } =
        new(_ => "indent", (_, replaceTimes) => new IndentParser { ReplaceTimes = replaceTimes, Interleaves = true });

    bool Interleaves { get; init; }

    public override LineJoin CreateJoin() => new IndentJoin(Interleaves);

    public override void Bind(RecordBatch batch) => _batch = batch;

    public override bool TryParse(ByteSpan line, out string? reason)
    {
        reason = null;
        _batch!.Add(ReadTime, line, line, 0);
        return true;
    }

    /// <param name="interleaves">False where all lines are of one channel, whatever they begin with.</param>
    public sealed class IndentJoin(bool interleaves = true) : LineJoin
    {
        bool _complete;

        public override bool HasChannels => interleaves;

        public override int Channel(ReadOnlySpan<byte> line) => interleaves && line is [>= (byte)'1' and <= (byte)'3', (byte)':', ..] ? line[0] - '0' : 0;

        public override bool Continues(ReadOnlySpan<byte> line)
        {
            _complete = line is [.., (byte)'.'];
            return line[(Channel(line) > 0 ? 2 : 0)..] is [(byte)' ', ..];
        }

        public override bool IsComplete => _complete;
    }
}
