namespace Puppylog.Alerts.States;

enum AlertState
{
    Ok,

    /// <summary>Bad, but not yet for as long as the rule asks.</summary>
    Pending,

    Firing,
}
