using Puppylog.Parsing;
using Puppylog.Pipeline.Joining;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>One source on its way into batches: its parser, and what the records of its lines have in common.</summary>
sealed class SourceFeed(LogSource source, SourceOptions settings, CollectOptions options, LineParserLookup parsers, ICollectReport report) : IDisposable
{
    const int SampleSize = 64 << 10;

    PendingCommit? _boundTo;
    RecordOrigin? _origin;
    long _unnamed;

    public LogSource Source => source;

    /// <summary>What holds for the source's lines; another may take its place between two of them.</summary>
    public SourceOptions Settings { get; private set; } = settings;

    /// <summary>Null until the first lines have told the format.</summary>
    public LineParser? Parser { get; private set; }

    public InvalidLines Invalid { get; private set; }

    /// <summary>The time of the last record: what a kept line without one gets; null before the first.</summary>
    public long? LastTime { get; set; }

    /// <summary>Joins the source's lines to records; null where a line is a record.</summary>
    public RecordJoiner? Joiner { get; private set; }

    public FeedCounters Counters { get; } = new();

    /// <summary>What is done to its lines and records.</summary>
    public IReadOnlyList<ProcessorOptions> Processors => Settings.Processors;

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
            Joiner = !source.HasWholeRecords && Settings.Join.Create(Parser) is { } rule ? new(rule, Settings.MaxLine) : null;
        }
    }

    /// <summary>From the next line on other settings hold. What was held of records must have been taken.</summary>
    public void Change(SourceOptions changed)
    {
        Settings = changed;
        Parser = null;
        Joiner = null;
        _boundTo = null;
        _origin = null;
        _unnamed = 0;
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
    /// <param name="peer">Who sent them; null where they were not sent.</param>
    public void Mark(PendingCommit pending, RecordBatch batch, int first, int end, SourcePeer? peer)
    {
        if (options.KeepOrigin || end <= first)
        {
            return;
        }

        _origin ??= new(source, Settings.Fields);
        _origin.Mark(pending, batch, first, end, peer);
    }

    public void Dispose() => source.Dispose();

    LineParser FindParser(ReadOnlySpan<byte> lines)
    {
        var format = Settings.Format == CollectOptions.AutomaticFormat ? source.Format ?? Settings.Format : Settings.Format;
        if (format == CollectOptions.AutomaticFormat)
        {
            var sample = source.Sample(SampleSize);
            format = parsers.Detect(sample.IsEmpty ? lines[..Math.Min(lines.Length, SampleSize)] : sample);
            report.Notice($"{(source.FilePath is null ? source.Name : Path.GetFileName(source.Name))}: {format}");
        }

        var parser = parsers.Create(format, Settings.Now);
        Invalid = Settings.Invalid ?? parser.DefaultInvalid;
        return parser;
    }
}
