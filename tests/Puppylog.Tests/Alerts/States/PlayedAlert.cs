using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;

namespace Puppylog.Tests.Alerts.States;

/// <summary>A machine with a played clock; seconds are counted from <see cref="Noon"/>.</summary>
sealed class PlayedAlert(AlertRule rule, int lateness = 60)
{
    public static readonly long Noon = new DateTimeOffset(2026, 11, 21, 14, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    readonly SortedDictionary<(long Start, string Segment), double?> _metric = [];

    public AlertMachine Machine { get; private set; } = new(rule, lateness);

    public List<AlertSignal> Live { get; } = [];

    public List<AlertSignal> Settled { get; } = [];

    public IEnumerable<string> Messages => Live.Where(signal => signal.IsNotified).Select(signal => signal.Message(rule));

    public IEnumerable<(SignalKind Kind, long At)> Signals => Live.Select(signal => (signal.Kind, signal.Time - Noon));

    public IEnumerable<(SignalKind Kind, long At)> History => Settled.Select(signal => (signal.Kind, signal.Time - Noon));

    public void Set(long start, double? value, string segment = "")
    {
        _metric[(Noon + start, segment)] = value;
        Machine.Add(new(rule.Metric.Id, (Noon + start) * 1_000_000_000, segment, value));
    }

    public void To(long second) => Machine.Advance(Noon + second, Live, Settled);

    /// <summary>A value a period, each evaluated as soon as its period has ended.</summary>
    public void Play(long from, long to, Func<long, double?> value)
    {
        for (var start = from; start < to; start += rule.Metric.Period)
        {
            Set(start, value(start));
            To(start + rule.Metric.Period);
        }
    }

    public void Restart()
    {
        Machine = new(rule, lateness, Machine.Keep());
        foreach (var ((start, segment), value) in _metric.Where(entry => entry.Key.Start >= Machine.RefillFrom))
        {
            Machine.Add(new Observation(rule.Metric.Id, start * 1_000_000_000, segment, value));
        }
    }
}
