using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>A change of state.</summary>
/// <param name="Segment">"" for a rule on the whole.</param>
/// <param name="Time">The second of the evaluation, since 1970 UTC.</param>
/// <param name="Value">None where there was none.</param>
/// <param name="Began">When the state began that it ends, or enters: of a recovery the second at which it fired.</param>
/// <param name="Episode">Counts the firings of a segment: a firing and its recovery have the same, and no other has it.</param>
readonly record struct AlertSignal(string Segment, SignalKind Kind, long Time, WindowValue? Value, AlertCause Cause, long Episode, long Began)
{
    public bool IsNotified => Kind is SignalKind.Firing or SignalKind.Recovered;

    /// <summary>The words of the notice.</summary>
    public string Message(AlertRule rule)
    {
        var title = Segment.Length == 0 ? rule.Title : $"{rule.Title} ({Segment})";
        var value = Value is { } known ? $"{rule.ValueName} = {known.Text}{(rule.AgainstYesterday ? " % against yesterday" : "")}" : $"{rule.ValueName} without a value";
        return Kind is SignalKind.Firing
            ? AlertText.Triggered(title, Cause is AlertCause.NoData ? $"no records for {rule.NoData} s" : value, Time)
            : AlertText.Recovered(title, value, Time);
    }
}
