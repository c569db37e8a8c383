namespace Puppylog.Alerts.States;

enum SignalKind
{
    Pending,

    /// <summary>Good again before it fired.</summary>
    Calmed,

    Firing,

    Recovered,
}
