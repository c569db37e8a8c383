using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Processing.Options;
using Puppylog.Sources.Globs;

namespace Puppylog.Pipeline;

/// <summary>Where lines come from, and what holds for the lines of this source.</summary>
sealed record SourceOptions
{
    /// <summary>The source as it was named: what <c>--source</c> takes.</summary>
    public required string Input { get; init; }

    /// <summary>A format's name, or <see cref="CollectOptions.AutomaticFormat"/>: told from the first bytes.</summary>
    public string Format { get; init; } = CollectOptions.AutomaticFormat;

    /// <summary>Null: as the format has it.</summary>
    public InvalidLines? Invalid { get; init; }

    /// <summary>Bytes of a line that are kept; the rest of a longer one is cut off.</summary>
    public int MaxLine { get; init; } = CollectOptions.DefaultMaxLine;

    /// <summary>How lines are joined to records.</summary>
    public JoinRule Join { get; init; } = JoinRule.Auto;

    /// <summary>A file that is there at the start and was never read begins at its end.</summary>
    public bool FromEnd { get; init; }

    /// <summary>Replace the times of records by the time of reading.</summary>
    public bool Now { get; init; }

    /// <summary>Files that are not read though the pattern matches them.</summary>
    public IReadOnlyList<PathPattern> Excludes { get; init; } = [];

    /// <summary>Fields that every record gets, in place of its own of the same name; the stream has them, too.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>What is done with its lines and records. Sources with one and the same list share what a processor remembers.</summary>
    public IReadOnlyList<ProcessorOptions> Processors { get; init; } = [];

    /// <summary>Tells different <see cref="Processors"/> apart.</summary>
    public string ProcessorsText { get; init; } = "";

    /// <summary>True where lines are treated alike, wherever they come from.</summary>
    public bool TreatsLinesAs(SourceOptions other) =>
        (Format, Invalid, MaxLine, Now) == (other.Format, other.Invalid, other.MaxLine, other.Now)
        && Join == other.Join
        && ProcessorsText == other.ProcessorsText && Fields.SequenceEqual(other.Fields);

    /// <summary>True where the same files are found by the same pattern.</summary>
    public bool FindsAs(SourceOptions other) =>
        Input == other.Input && FromEnd == other.FromEnd && Excludes.Select(exclude => exclude.Text).SequenceEqual(other.Excludes.Select(exclude => exclude.Text));
}
