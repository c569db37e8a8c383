using System.Text;
using Puppylog.Parsing;
using Puppylog.Pipeline.Joining;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>One source on its way into batches: its parser, and what the records of its lines have in common.</summary>
sealed class SourceFeed(LogSource source, CollectOptions options, LineParserLookup parsers, ICollectReport report) : IDisposable
{
    const int SampleSize = 64 << 10;

    PendingCommit? _boundTo;
    // Where the path's bytes are in the batches of the commit that was marked last.
    readonly Dictionary<RecordBatch, (ByteSpan Path, ByteSpan Stream)> _marks = [];
    PendingCommit? _markedIn;
    long _unnamed;
    byte[]? _pathBytes;
    byte[]? _streamBytes;

    public LogSource Source => source;

    /// <summary>Null until the first lines have told the format.</summary>
    public LineParser? Parser { get; private set; }

    public InvalidLines Invalid { get; private set; }

    /// <summary>The time of the last record: what a kept line without one gets; null before the first.</summary>
    public long? LastTime { get; set; }

    /// <summary>Joins the source's lines to records; null where a line is a record.</summary>
    public RecordJoiner? Joiner { get; private set; }

    public FeedCounters Counters { get; } = new();

    /// <summary>What is done to its lines and records.</summary>
    public IReadOnlyList<ProcessorOptions> Processors => options.Processors;

    /// <summary>The lane's chain of <see cref="Processors"/>; null where there are none.</summary>
    public ProcessorChain? Chain { get; private set; }

    /// <summary>The chain that its records go through; null where they stay as they are.</summary>
    public ProcessorChain? RecordChain => Chain is { IsEmpty: false } ? Chain : null;

    /// <summary>True where the source was found by a pattern: when it has ended, nothing is missing.</summary>
    public bool EndsAlone { get; init; }

    public bool HasToldFailure { get; set; }

    /// <summary>Called when the source has ended and was let go of.</summary>
    public Action? Dropped { get; init; }

    /// <summary>Finds the parser; the first lines tell the format where that was not given.</summary>
    public void Prepare(ReadOnlySpan<byte> lines, ChainBook chains)
    {
        if (Parser is null)
        {
            Chain = chains.Find(Processors);
            Parser = FindParser(lines);
            Joiner = options.JoinLines && Parser.CreateJoin() is { } rule ? new(rule, options.MaxLine) : null;
        }
    }

    /// <summary>The parser, bound to the commit's batch.</summary>
    public LineParser Bind(PendingCommit pending)
    {
        var parser = Parser!;
        if (!ReferenceEquals(_boundTo, pending))
        {
            parser.Bind(pending.Batch(parser.Shape, RecordChain));
            _boundTo = pending;
        }

        return parser;
    }

    /// <summary>Fields since the last call whose names were too long to be kept.</summary>
    public long TakeUnnamed()
    {
        var unnamed = Parser!.Unnamed - _unnamed;
        _unnamed += unnamed;
        return unnamed;
    }

    /// <summary>Says on records where they came from.</summary>
    public void Mark(PendingCommit pending, RecordBatch batch, int first, int end)
    {
        if (options.KeepOrigin || source.FilePath is null || end <= first)
        {
            return;
        }

        if (!ReferenceEquals(_markedIn, pending))
        {
            _marks.Clear();
            _markedIn = pending;
        }

        if (!_marks.TryGetValue(batch, out var mark))
        {
            _pathBytes ??= Encoding.UTF8.GetBytes(source.FilePath);
            _streamBytes ??= Encoding.UTF8.GetBytes(StreamText(source.FilePath));
            mark = (batch.Append(_pathBytes), batch.Append(_streamBytes));
            _marks.Add(batch, mark);
        }

        batch.Column(FieldNames.FilePath).Fill(first, end, mark.Path);
        batch.Column(FieldNames.Stream).Fill(first, end, mark.Stream);
    }

    /// <summary><c>{file_path="/var/log/app.log"}</c>.</summary>
    public static string StreamText(string path)
    {
        var escaped = path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{{{FieldNames.FilePath}=\"{escaped}\"}}";
    }

    public void Dispose() => source.Dispose();

    LineParser FindParser(ReadOnlySpan<byte> lines)
    {
        var format = options.Format;
        if (format == CollectOptions.AutomaticFormat)
        {
            var sample = new byte[SampleSize];
            var length = source.ReadSample(sample);
            format = parsers.Detect(length > 0 ? sample.AsSpan(0, length) : lines[..Math.Min(lines.Length, SampleSize)]);
            report.Notice($"{Path.GetFileName(source.Name)}: {format}");
        }

        var parser = parsers.Create(format, options.Now);
        Invalid = options.Invalid ?? parser.DefaultInvalid;
        return parser;
    }
}
