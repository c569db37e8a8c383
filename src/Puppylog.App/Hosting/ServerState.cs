using Puppylog.Alerts.Notifiers;
using Puppylog.App.Api;
using Puppylog.App.Api.Ingest;
using Puppylog.App.Cli.Config;
using Puppylog.App.Collecting;
using Puppylog.App.Watch.Boards;
using Puppylog.Configuration;
using Puppylog.Pipeline;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Hosting;

/// <summary>What the routes work with.</summary>
/// <param name="Store">The store; takes encoded commits, too.</param>
/// <param name="Collected">What this process collects itself; null where it collects nothing.</param>
/// <param name="Sources">How its sources stand; null where it collects nothing, or cannot tell.</param>
sealed record ServerState(ILogStore Store, CollectCounters? Collected, CollectorFile? Sources, TimeProvider Clock)
{
    public IEncodedIntake Intake => (IEncodedIntake)Store;

    public long Started { get; } = Clock.GetTimestamp();

    public AgentRegister Agents { get; } = new(Clock);

    public IntakeBudget Budget { get; private init; } = new();

    /// <summary>What queries may take.</summary>
    public QueryLimits Limits { get; init; } = QueryLimits.Default;

    /// <summary>Bytes of a body that is sent, unpacked; one of that length is within the budget.</summary>
    public int MaxBody
    {
        get;
        init
        {
            field = value;
            Budget = new(Math.Max(IntakeBudget.Usual, RequestBody.Weight * (long)value));
        }
    } = ServerConfiguration.DefaultMaxBody;

    /// <summary>What dashboards show beside the records; null where none are served.</summary>
    public IBoards? Boards { get; init; }

    /// <summary>The stream selector of a group by its name; null where no groups are known.</summary>
    public Func<string, string?>? FindGroup => Boards is null ? null : Boards.FindGroup;

    /// <summary>The data directory; null where there is none, and no keys.</summary>
    public string? Directory { get; init; }

    /// <summary>Tells people of a trouble, a sentence.</summary>
    public Action<string> Notice { get; init; } = _ => { };

    /// <summary>The configuration and its exchange; null where there is none.</summary>
    public ConfigurationReload? Reload { get; init; }

    /// <summary>What is done with what comes over HTTP.</summary>
    public IngestProcessing Processing { get; init; } = new([], null, Clock);

    /// <summary>What came over HTTP since the start, and what became of it.</summary>
    public CollectCounters Ingested { get; } = new();

    public KeyTurns IngestKeys { get; } = new();

    /// <summary>A notifier of the configuration, with its secrets; null where it names none so.</summary>
    public Func<string, NotifierDraft?> FindNotifier { get; init; } = _ => null;

    /// <summary>What this process has committed; null where it is not known.</summary>
    public CommitMeter? Commits { get; init; }

    /// <summary>Ends what would otherwise go on for ever.</summary>
    public CancellationToken Stopping { get; init; }
}
