using Puppylog.Alerts.Notifiers;

namespace Puppylog.Alerts.Watching;

/// <summary>How the alerts of a store are watched.</summary>
/// <param name="Clock">What time it is.</param>
/// <param name="Console">Where the console is.</param>
/// <param name="Tell">Takes sentences for people, from any thread.</param>
sealed record AlertWatchOptions(TimeProvider Clock, TextWriter Console, Action<string> Tell)
{
    /// <summary>True where time goes on without records, also where these were old: the process stays until it is stopped.</summary>
    public bool GoesOn { get; init; } = true;

    /// <summary>Finds a notifier that a configuration names, with its secrets; null where this process knows none of that name.</summary>
    public Func<string, NotifierDraft?> Configured { get; init; } = _ => null;

    /// <summary>How long the end waits for receivers.</summary>
    public TimeSpan EndPatience { get; init; } = TimeSpan.FromSeconds(5);
}
