using System.Text;
using Puppylog.Parsing;
using Puppylog.Pipeline.Joining;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>One source on its way into batches: its parser, and what the records of its lines have in common.</summary>
sealed class SourceFeed(LogSource source, CollectOptions options, LineParserLookup parsers, ICollectReport report) : IDisposable
{
    const int SampleSize = 64 << 10;

    PendingCommit? _boundTo;
    // Where the bytes of the origin's fields are in the batches of the commit that was marked last.
    readonly Dictionary<RecordBatch, (string Name, ByteSpan Value)[]> _marks = [];
    PendingCommit? _markedIn;
    long _unnamed;
    (string Name, byte[] Value)[]? _origin;

    public LogSource Source => source;

    /// <summary>Null until the first lines have told the format.</summary>
    public LineParser? Parser { get; private set; }

    public InvalidLines Invalid { get; private set; }

    /// <summary>The time of the last record: what a kept line without one gets; null before the first.</summary>
    public long? LastTime { get; set; }

    /// <summary>Joins the source's lines to records; null where a line is a record.</summary>
    public RecordJoiner? Joiner { get; private set; }

    public FeedCounters Counters { get; } = new();

    /// <summary>True where the source was found by a pattern: when it has ended, nothing is missing.</summary>
    public bool EndsAlone { get; init; }

    public bool HasToldFailure { get; set; }

    /// <summary>Called when the source has ended and was let go of.</summary>
    public Action? Dropped { get; init; }

    /// <summary>Finds the parser; the first lines tell the format where that was not given.</summary>
    public void Prepare(ReadOnlySpan<byte> lines)
    {
        if (Parser is null)
        {
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
            parser.Bind(pending.Batch(parser.Shape));
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
        if (options.KeepOrigin || end <= first || (source.FilePath is null && options.Labels.Count == 0))
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
            mark = [.. Origin().Select(field => (field.Name, batch.Append(field.Value)))];
            _marks.Add(batch, mark);
        }

        foreach (var (name, value) in mark)
        {
            batch.Column(name).Fill(first, end, value);
        }
    }

    /// <summary><c>{file_path="/var/log/app.log"}</c>.</summary>
    public static string StreamText(string path) => StreamText([new(FieldNames.FilePath, path)]);

    static string StreamText(IEnumerable<KeyValuePair<string, string>> fields) => $"{{{string.Join(',', fields.Select(field => $"{field.Key}=\"{Escaped(field.Value)}\""))}}}";

    static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The fields that say where records came from, and last their stream.</summary>
    (string Name, byte[] Value)[] Origin()
    {
        if (_origin is null)
        {
            var fields = source.FilePath is { } path ? options.Labels.Prepend(new(FieldNames.FilePath, path)) : options.Labels;
            _origin = [.. fields.Append(new(FieldNames.Stream, StreamText(fields))).Select(field => (field.Key, Encoding.UTF8.GetBytes(field.Value)))];
        }

        return _origin;
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
