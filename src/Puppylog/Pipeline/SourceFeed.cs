using System.Buffers;
using Puppylog.Parsing;
using Puppylog.Pipeline.Joining;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>One source on its way into batches: its parser, and what the records of its lines have in common.</summary>
sealed class SourceFeed(LogSource source, SourceOptions settings, CollectOptions options, ICollectReport report) : IDisposable
{
    const int SampleSize = 64 << 10;

    SharedParser? _parser;
    RecordOrigin? _origin;

    public LogSource Source => source;

    /// <summary>What holds for the source's lines; another may take its place between two of them.</summary>
    public SourceOptions Settings { get; private set; } = settings;

    /// <summary>Null until the first lines have told the format.</summary>
    public LineParser? Parser => _parser?.Parser;

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

    /// <summary>When its lane looks at it without being told: a timestamp of the clock; null where nothing is planned.</summary>
    public long? LookAt { get; set; }

    /// <summary>True while its lane has noted until when its last record waits for another line.</summary>
    public bool HasHeldTime { get; set; }

    /// <summary>Bytes to be read when it was looked at last.</summary>
    public long Remaining { get; set; }

    /// <summary>Called when the source has ended and was let go of.</summary>
    public Action? Dropped { get; init; }

    /// <summary>Finds the parser; the first lines tell the format where that was not given.</summary>
    public void Prepare(ReadOnlySpan<byte> lines, ChainBook chains, ParserBook parsers)
    {
        if (_parser is null)
        {
            Chain = chains.Find(Processors);
            _parser = FindParser(lines, parsers);
            Invalid = Settings.Invalid ?? _parser.Parser.DefaultInvalid;
            Joiner = !source.HasWholeRecords && Settings.Join.Create(_parser.Parser) is { } rule ? new(rule, Settings.MaxLine) : null;
        }
    }

    /// <summary>From the next line on other settings hold. What was held of records must have been taken.</summary>
    public void Change(SourceOptions changed)
    {
        Settings = changed;
        _parser = null;
        Joiner = null;
        _origin = null;
    }

    /// <summary>The parser, bound to the commit's batch.</summary>
    public LineParser Bind(PendingCommit pending) => _parser!.Bind(pending);

    /// <summary>Fields since the last call whose names were too long to be kept.</summary>
    public long TakeUnnamed() => _parser!.TakeUnnamed();

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

    SharedParser FindParser(ReadOnlySpan<byte> lines, ParserBook parsers)
    {
        var format = Settings.Format == CollectOptions.AutomaticFormat ? source.Format ?? Settings.Format : Settings.Format;
        if (format == CollectOptions.AutomaticFormat)
        {
            var room = ArrayPool<byte>.Shared.Rent(SampleSize);
            var sample = source.Sample(room.AsSpan(0, SampleSize));
            format = parsers.Detect(sample.IsEmpty ? lines[..Math.Min(lines.Length, SampleSize)] : sample);
            ArrayPool<byte>.Shared.Return(room);
            report.Notice($"{(source.FilePath is null ? source.Name : Path.GetFileName(source.Name))}: {format}");
        }

        return parsers.Find(format, Settings.Now, RecordChain);
    }
}
