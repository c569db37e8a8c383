using System.Collections.Immutable;
using Puppylog.Configuration.Yaml;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Processing.Options;
using Puppylog.Sources.Globs;

namespace Puppylog.Configuration;

/// <summary>One entry of <c>sources</c>: where lines come from, and what is done with them.</summary>
sealed record SourceConfiguration
{
    /// <summary>The name that messages use; by default the first input.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>--source</c> would take: paths, patterns, <c>fifo:…</c>, <c>exec:…</c>, <c>containers:…</c>, <c>syslog:…</c>, <c>-</c>.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Patterns of files that are not read.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    public string Format { get; init; } = CollectOptions.AutomaticFormat;

    /// <summary>Null: as the format has it.</summary>
    public InvalidLines? Invalid { get; init; }

    /// <summary>How lines are joined to records.</summary>
    public JoinRule Join { get; init; } = JoinRule.Auto;

    /// <summary>Files that are there at the start and were never read begin at their end.</summary>
    public bool FromEnd { get; init; }

    /// <summary>Replace the times of records by the time of reading.</summary>
    public bool Now { get; init; }

    /// <summary>Bytes of a line that are kept.</summary>
    public int MaxLine { get; init; } = CollectOptions.DefaultMaxLine;

    /// <summary>Fields that every record gets; they are the stream's, too.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>The group that its streams belong to, by a field <c>group</c>; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>As it was written, to be shown.</summary>
    public SettingNode? Processing { get; init; }

    /// <summary>What is done with its lines and records, after what is done with those of all sources.</summary>
    public ImmutableArray<ProcessorOptions> Processors { get; init; } = [];

    /// <summary>What the pipeline is told, input by input.</summary>
    /// <param name="before">What is done with the lines and records of all sources.</param>
    /// <param name="beforeText">The same as it was written.</param>
    public IEnumerable<SourceOptions> Options(ImmutableArray<ProcessorOptions> before, SettingNode? beforeText)
    {
        List<ProcessorOptions> processors = [.. before, .. Processors];
        var text = $"{NodeText.Of(beforeText)}\n{NodeText.Of(Processing)}";
        var excludes = Exclude.Select(PathPattern.Parse).ToList();
        List<KeyValuePair<string, string>> fields = [.. Fields];
        if (Group is not null)
        {
            fields.Add(new(GroupConfiguration.Field, Group));
        }

        return Inputs.Select(input => new SourceOptions
        {
            Input = input,
            Format = Format,
            Invalid = Invalid,
            Join = Join,
            FromEnd = FromEnd,
            Now = Now,
            MaxLine = MaxLine,
            Excludes = excludes,
            Fields = fields,
            Processors = processors,
            ProcessorsText = text,
        });
    }
}
