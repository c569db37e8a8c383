using System.Collections.Immutable;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;
using Puppylog.Configuration.Yaml;
using Puppylog.Pipeline;
using Puppylog.Processing.Options;

namespace Puppylog.Configuration;

/// <summary>What <c>puppylog.yaml</c> says, defaults included. Never changes: a reload makes another one.</summary>
sealed record PuppylogConfiguration
{
    /// <summary>The file as it was named.</summary>
    public required string File { get; init; }

    public ImmutableArray<SourceConfiguration> Sources { get; init; } = [];

    /// <summary>As it was written, to be shown.</summary>
    public SettingNode? Processing { get; init; }

    /// <summary>What is done with the lines and records of all sources, before what a source has of its own.</summary>
    public ImmutableArray<ProcessorOptions> Processors { get; init; } = [];

    public BatchConfiguration Batches { get; init; } = new();

    public StoreConfiguration Store { get; init; } = new();

    public RetentionConfiguration Retention { get; init; } = new();

    public ServerConfiguration Server { get; init; } = new();

    /// <summary>Null where nothing is sent to another server.</summary>
    public AgentConfiguration? Agent { get; init; }

    public ImmutableArray<GroupConfiguration> Groups { get; init; } = [];

    public ImmutableArray<MetricConfiguration> Metrics { get; init; } = [];

    public ImmutableArray<AlertDraft> Alerts { get; init; } = [];

    /// <summary>Where each of <see cref="Alerts"/> says which metric it watches.</summary>
    public ImmutableArray<Place> AlertPlaces { get; init; } = [];

    public ImmutableArray<NotifierDraft> Notifiers { get; init; } = [];

    /// <summary>What the pipeline is told of the sources.</summary>
    public IReadOnlyList<SourceOptions> SourceOptions() => [.. Sources.SelectMany(source => source.Options(Processors, Processing))];

    /// <summary>Values that are never shown, wherever they stand.</summary>
    public ImmutableHashSet<string> Secrets { get; init; } = [];
}
