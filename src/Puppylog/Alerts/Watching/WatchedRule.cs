using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Watching;

/// <summary>A rule while it is evaluated, and what is not yet kept of it.</summary>
/// <param name="kept">The rule.</param>
/// <param name="metric">The number of its metric.</param>
/// <param name="evaluation">Its evaluation.</param>
sealed class WatchedRule(KeptRule kept, long metric, AlertEvaluation evaluation)
{
    public KeptRule Kept => kept;

    public long Metric => metric;

    public AlertEvaluation Evaluation => evaluation;

    /// <summary>What happened since the last keeping.</summary>
    public List<AlertSignalRow> Signals { get; } = [];

    /// <summary>Notices that are not in the outbox yet.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>True where it has gone on since the last keeping.</summary>
    public bool HasMoved { get; private set; }

    public void Advance(long second, IReadOnlyCollection<Silence> silences)
    {
        if (evaluation.Advance(second, silences) is not { } step)
        {
            return;
        }

        HasMoved = true;
        Notices.AddRange(step.Notices);
        var told = step.Notices.Select(notice => (notice.Segment, notice.Kind is NoticeKind.Firing, notice.Time)).ToHashSet();
        foreach (var signal in step.Live)
        {
            Signals.Add(Row(signal, isSettled: false, signal.IsNotified && told.Contains((signal.Segment, signal.Kind is SignalKind.Firing, signal.Time))));
        }

        foreach (var signal in step.Settled)
        {
            Signals.Add(Row(signal, isSettled: true, isTold: false));
        }

        // Told when its silence ended: said at once in its own way.
        foreach (var notice in step.Notices.Where(notice => notice.Kind is NoticeKind.Firing && !step.Live.Any(signal => signal.Segment == notice.Segment && signal.Time == notice.Time)))
        {
            Signals.Add(new(kept.Item.Number, IsSettled: false, notice.Segment, AlertStore.ToldLater, second, notice.Value, "threshold", 0, notice.Message, IsTold: true));
        }
    }

    /// <summary>Its signals are in the catalogue, and the place up to which it was evaluated.</summary>
    public void Keep()
    {
        Signals.Clear();
        HasMoved = false;
    }

    /// <summary>A signal as the catalogue and people have it.</summary>
    public static AlertSignalRow Row(AlertRule rule, long number, in AlertSignal signal, bool isSettled, bool isTold) => new(
        number, isSettled, signal.Segment, Word(signal.Kind), signal.Time, signal.Value?.Text, signal.Cause is AlertCause.NoData ? "no-data" : "threshold",
        signal.Episode, signal.IsNotified ? signal.Message(rule) : "", isTold);

    AlertSignalRow Row(in AlertSignal signal, bool isSettled, bool isTold) => Row(evaluation.Rule, kept.Item.Number, signal, isSettled, isTold);

    static string Word(SignalKind kind) => kind switch
    {
        SignalKind.Pending => "pending",
        SignalKind.Calmed => "calmed",
        SignalKind.Firing => "firing",
        _ => "recovered",
    };
}
