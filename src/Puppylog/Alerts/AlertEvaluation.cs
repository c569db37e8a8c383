using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;

namespace Puppylog.Alerts;

/// <summary>One alert from observations to notices.</summary>
/// <remarks>
/// Whoever drives it keeps where it stands together with its notices, and only then hands these on: a crash before leaves
/// nothing told, and one after it leaves notices that the next life hands on again (<see cref="KeptAlert.Notices"/>), with the
/// keys by which the outbox knows those that it has. Not thread-safe.
/// </remarks>
sealed class AlertEvaluation
{
    readonly AlertMachine _machine;
    readonly NoticeComposer _composer;

    /// <param name="rule">The rule.</param>
    /// <param name="samples">Finds lines of the cause; asked only for what is told.</param>
    /// <param name="kept">What was kept before a restart: see <see cref="AlertMachine"/> for what has to be added again.</param>
    public AlertEvaluation(AlertRule rule, Func<AlertSignal, IEnumerable<string>>? samples, AlertSnapshot? kept)
    {
        Rule = rule;
        _machine = new(rule, rule.Metric.Lateness, kept);
        _composer = new(rule, samples);
    }

    public AlertRule Rule { get; }

    /// <summary>The last second that was evaluated; none before the first one.</summary>
    public long? At => _machine.At;

    public IEnumerable<SegmentStatus> Segments => _machine.Segments;

    /// <summary>Beginning of the oldest period, in seconds, that an evaluation to come can need.</summary>
    public long RefillFrom => _machine.RefillFrom;

    /// <summary>Takes a period's value: provisional, final or corrected.</summary>
    public void Add(in Observation observation) => _machine.Add(observation);

    /// <summary>Takes values from here from now on: see <see cref="AlertMachine.Share"/>.</summary>
    public void Share(MetricSeries series) => _machine.Share(series);

    /// <summary>Hears of values that are in the shared series.</summary>
    public void Hear(string segment, ReadOnlySpan<(long Start, double? Value)> values) => _machine.Hear(segment, values);

    /// <summary>Whether it holds a segment.</summary>
    public bool Watches(string segment) => _machine.Watches(segment);

    /// <summary>The clock had been wrong: evaluations go on from an earlier second.</summary>
    public void SetBack(long second) => _machine.SetBack(second);

    /// <summary>Evaluates up to a second; null where it was evaluated before.</summary>
    public AlertStep? Advance(long second, IReadOnlyCollection<Silence> silences)
    {
        if (_machine.At is { } at && second <= at)
        {
            return null;
        }

        List<AlertSignal> live = [], settled = [];
        var before = _machine.At ?? second;
        _machine.Advance(second, live, settled);
        return new(live, settled, [.. _composer.Unsilenced(_machine.Segments, silences, before, second), .. _composer.Compose(live, silences)]);
    }

    /// <summary>What is to be kept of it.</summary>
    /// <param name="notices">Those that are not certainly in the outbox.</param>
    public KeptAlert Keep(IReadOnlyList<Notice> notices) => new(
        Rule.Metric.Id, Rule.PerSegment, _machine.Keep(),
        Segments.Where(segment => segment.Value is not null).ToDictionary(segment => segment.Segment, segment => segment.Value!.Value.Text, StringComparer.Ordinal), notices);
}
