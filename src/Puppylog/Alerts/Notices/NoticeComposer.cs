using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Alerts.Notices;

/// <summary>Makes notices of a rule's signals: who is silenced is left out. Keeps nothing, so a restart changes nothing.</summary>
/// <param name="rule">The rule.</param>
/// <param name="samples">Finds lines of the cause; asked only for what is told.</param>
sealed class NoticeComposer(AlertRule rule, Func<AlertSignal, IEnumerable<string>>? samples = null)
{
    public const int MaxSamples = 5;

    /// <summary>Characters.</summary>
    public const int LongestSample = 500;

    /// <summary>
    /// The notices of what happened. A firing is left out while it is silenced; so is a recovery of what nobody was told of.
    /// </summary>
    public IEnumerable<Notice> Compose(IEnumerable<AlertSignal> signals, IReadOnlyCollection<Silence> silences) =>
        from signal in signals
        where signal.IsNotified && !silences.Any(silence => silence.Covers(rule.Id, signal.Segment, signal.Began) && silence.Covers(rule.Id, signal.Segment, signal.Time))
        select Compose(signal);

    /// <summary>The notices of what began to fire under a silence that has ended meanwhile, and still fires.</summary>
    /// <param name="after">The second of the last evaluation but one.</param>
    /// <param name="until">The second of the last evaluation.</param>
    public IEnumerable<Notice> Unsilenced(IEnumerable<SegmentStatus> segments, IReadOnlyCollection<Silence> silences, long after, long until) =>
        from segment in segments
        where segment.State is AlertState.Firing && segment.Since <= after
            && silences.Any(silence => silence.Until > after && silence.Until <= until && silence.Covers(rule.Id, segment.Segment, segment.Since))
            && !silences.Any(silence => silence.Covers(rule.Id, segment.Segment, until))
        select Compose(new(segment.Segment, SignalKind.Firing, segment.Since, segment.Value, segment.Cause, segment.Episode, segment.Since));

    /// <summary>A notice that says that it is none.</summary>
    public static Notice Test(string id, IReadOnlyDictionary<string, string> labels, long second) => new()
    {
        Key = $"{id}//{second}/test",
        Rule = id,
        Kind = NoticeKind.Test,
        Message = $"This is a test of alert {id}, sent at {AlertText.Time(second)}. Nothing is wrong.",
        Severity = Severity.Info,
        Labels = labels,
        Time = second,
        Fired = second,
    };

    Notice Compose(AlertSignal signal) => new()
    {
        Key = $"{rule.Id}/{signal.Segment}/{signal.Episode}/{(signal.Kind is SignalKind.Firing ? "firing" : "recovered")}",
        Rule = rule.Id,
        Segment = signal.Segment,
        Kind = signal.Kind is SignalKind.Firing ? NoticeKind.Firing : NoticeKind.Recovered,
        Message = signal.Message(rule),
        Severity = rule.Severity,
        Labels = rule.Labels,
        Value = signal.Value?.Text,
        Time = signal.Time,
        Fired = signal.Began,
        Samples = signal.Kind is SignalKind.Firing && samples is not null && rule.Samples > 0 ? [.. samples(signal).Take(rule.Samples).Select(Shorten)] : [],
    };

    static string Shorten(string line) => line.Length > LongestSample ? line[..LongestSample] + "…" : line;
}
