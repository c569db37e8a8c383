using System.Globalization;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Watching;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Alerts;

/// <summary>Lets a process that collects evaluate the alerts of the store, as long as it is the one that writes it.</summary>
/// <param name="report">What it tells people.</param>
/// <param name="console">Where the console's notices go.</param>
/// <param name="goesOn">True where it stays until it is stopped.</param>
sealed class AlertDuty(CollectReport report, TextWriter console, bool goesOn)
{
    /// <summary>Set by bench/alerts.sh.</summary>
    const string TellLag = "PUPPYLOG_ALERT_LAG";

    IReadOnlyDictionary<string, NotifierDraft> _configured = new Dictionary<string, NotifierDraft>();
    AlertWatch? _watch;

    /// <summary>How the store is opened.</summary>
    public EmbeddedStoreOptions Options(TimeProvider clock)
    {
        var options = new AlertWatchOptions(clock, new ReportConsole(report, console), report.Notice)
        {
            GoesOn = goesOn,
            Configured = Find,
        };
        return StoreSettings.Options(clock) with { Follower = (directory, store, keeper) => _watch = Watch(directory, store, keeper, options) };
    }

    /// <summary>The store that is opened ends it.</summary>
    static AlertWatch Watch(string directory, ILogStore store, IAlertKeeper keeper, AlertWatchOptions options) => new(directory, store, keeper, options);

    /// <summary>The notifiers of a configuration, with their secrets; they count as soon as the store names them.</summary>
    public void Know(IEnumerable<NotifierDraft> notifiers) => Volatile.Write(ref _configured, notifiers.ToDictionary(notifier => notifier.Name!, StringComparer.Ordinal));

    /// <summary>A notifier of the configuration, with its secrets; null where it names none so.</summary>
    public NotifierDraft? Find(string name) => Volatile.Read(ref _configured).GetValueOrDefault(name);

    /// <summary>Ends when what was stored up to now is evaluated and told; after some seconds at the latest.</summary>
    public async Task CatchUpAsync()
    {
        if (_watch is { } watch)
        {
            await watch.CatchUpAsync();
            if (Environment.GetEnvironmentVariable(TellLag) is { Length: > 0 })
            {
                report.Notice(string.Create(CultureInfo.InvariantCulture, $"alerts were evaluated at most {watch.LongestLag.TotalMilliseconds:0} ms after the commit"));
            }
        }
    }
}
