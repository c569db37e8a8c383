using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.Alerts;

/// <summary>What a rule would have done, with all records known.</summary>
/// <param name="rule">The rule.</param>
/// <param name="since">The first second that is evaluated; from the first observation on where there is none.</param>
/// <param name="until">The last second; up to the end of the last period where there is none.</param>
sealed class AlertReplay(AlertRule rule, long? since, long? until)
{
    /// <summary>Where observations are needed from, in nanoseconds since 1970 UTC.</summary>
    public long From => since is { } second ? Nanoseconds(second - rule.Reach) : long.MinValue;

    /// <summary>Where observations are needed to.</summary>
    public long To => until is { } second ? Nanoseconds(second) : long.MaxValue;

    public List<AlertSignal> Run(IReadOnlyCollection<Observation> observations)
    {
        var signals = new List<AlertSignal>();
        if (observations.Count == 0)
        {
            return signals;
        }

        // Evaluation goes on from the second before: what lies before fills windows.
        var machine = new AlertMachine(rule, lateness: 0, since is { } first ? new(first - 1, [], []) : null);
        foreach (var observation in observations)
        {
            machine.Add(observation);
        }

        var end = until ?? (observations.Max(observation => observation.Start) / Timestamps.Second) + rule.Metric.Period;
        machine.Advance(end, signals, []);
        return signals;
    }

    /// <summary>What was looked at meanwhile.</summary>
    /// <param name="observations">As for <see cref="Run"/>.</param>
    /// <param name="points">At most so many steps.</param>
    public AlertCurve Draw(IReadOnlyCollection<Observation> observations, int points) => AlertCurve.Draw(rule, observations, since, until, points);

    static long Nanoseconds(long seconds) => (long)Int128.Clamp((Int128)seconds * Timestamps.Second, long.MinValue, long.MaxValue);
}
