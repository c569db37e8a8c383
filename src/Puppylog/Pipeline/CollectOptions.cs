using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Sources.Globs;

namespace Puppylog.Pipeline;

sealed record CollectOptions
{
    public const string AutomaticFormat = "auto";

    /// <summary>Bytes of a line that are kept where nothing else is asked for.</summary>
    public const int DefaultMaxLine = 1 << 20;

    /// <summary>How long a record waits for further lines where nothing else is asked for.</summary>
    public static readonly TimeSpan DefaultJoinWait = TimeSpan.FromMilliseconds(500);

    /// <summary>The store encodes on the other cores.</summary>
    public static int DefaultWorkers => Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    /// <summary>Sources as they were named; <c>-</c> is stdin.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Sources with settings of their own; what is said here of formats and lines is not for them.</summary>
    public IReadOnlyList<SourceOptions> Configured { get; init; } = [];

    /// <summary>Fields that every record gets, and its stream is told apart by: of what machine or application it is.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>Files that are not read though a pattern of <see cref="Sources"/> matches them.</summary>
    public IReadOnlyList<PathPattern> Excludes { get; init; } = [];

    /// <summary>Follow the sources until cancelled, rather than stop at their end.</summary>
    public bool Watch { get; init; }

    /// <summary>Other sources may be asked for while it runs: the run ends when none has anything more to come.</summary>
    public bool MayChange { get; init; }

    /// <summary>Goes on until cancelled, with nothing to read as well: sources may come later.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Replace the times of records by the time of reading.</summary>
    public bool Now { get; init; }

    /// <summary>A format's name, or <see cref="AutomaticFormat"/>: told per source from its first bytes.</summary>
    public string Format { get; init; } = AutomaticFormat;

    /// <summary>Null: as the format has it.</summary>
    public InvalidLines? Invalid { get; init; }

    /// <summary>Bytes of a line that are kept; the rest of a longer one is cut off.</summary>
    public int MaxLine { get; init; } = DefaultMaxLine;

    /// <summary>Records say themselves where they came from (an import): their file and stream are left alone.</summary>
    public bool KeepOrigin { get; init; }

    /// <summary>How lines are joined to records.</summary>
    public JoinRule Join { get; init; } = JoinRule.Auto;

    /// <summary>What becomes of lines and records between reading and storing. Sources with one list share its state, lane by lane.</summary>
    public IReadOnlyList<ProcessorOptions> Processors { get; init; } = [];

    /// <summary>Files that are there at the start and were never read begin at their end.</summary>
    public bool FromEnd { get; init; }

    /// <summary>Records that are stored together at most.</summary>
    public int BatchSize { get; init; } = RecordBatch.MaxRecords;

    /// <summary>Sources that are read and parsed at the same time; those of one file stay in order.</summary>
    public int Workers { get; init; } = DefaultWorkers;

    /// <summary>How long the beginning of a record waits for a line that goes on with it.</summary>
    public TimeSpan JoinWait { get; init; } = DefaultJoinWait;

    /// <summary>How long a record waits at most for others to be stored with.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The same while somebody follows the store's commits.</summary>
    public TimeSpan WatchedFlushInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a cancelled run waits for its last commits.</summary>
    public TimeSpan LastCommits { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The settings of a source that is only named.</summary>
    public SourceOptions Of(string input) => new()
    {
        Input = input,
        Format = Format,
        Invalid = Invalid,
        MaxLine = MaxLine,
        Join = Join,
        FromEnd = FromEnd,
        Now = Now,
        Excludes = Excludes,
        Fields = Labels,
        Processors = Processors,
    };

    /// <summary>All sources, each once.</summary>
    public IReadOnlyList<SourceOptions> AllSources() => [.. Sources.Select(Of).Concat(Configured.Select(Labelled)).DistinctBy(source => source.Input)];

    /// <summary>A source's own field goes before a label of the same name.</summary>
    SourceOptions Labelled(SourceOptions source) => Labels.Count == 0 ? source : source with
    {
        Fields = [.. Labels.Where(label => source.Fields.All(field => field.Key != label.Key)), .. source.Fields],
    };
}
