using Puppylog.Alerts.Rules;
using Puppylog.Metrics;

namespace Puppylog.Alerts.States;

/// <summary>
/// A rule's states. Observations go in with <see cref="Add"/>, time goes on with <see cref="Advance"/>, signals come out.
/// Knows no clock and touches nothing: the same observations and times always give the same signals. Not thread-safe.
/// </summary>
/// <remarks>
/// Each segment is evaluated twice on the same values: at once, for the notices, and again when late records have had their
/// time, for the history. So late records correct the history and never a notice.
/// </remarks>
sealed class AlertMachine
{
    /// <summary>Further segments are not looked at, and counted.</summary>
    public const int MaxSegments = 1000;

    const long NanosecondsPerSecond = 1_000_000_000;

    readonly AlertRule _rule;
    readonly int _lateness;
    MetricSeries _series;
    bool _isShared;
    readonly SortedDictionary<string, Segment> _segments = new(StringComparer.Ordinal);
    long _dropped;

    /// <param name="rule">What is watched.</param>
    /// <param name="lateness">Seconds after which an evaluation is final.</param>
    /// <param name="kept">
    /// What <see cref="Keep"/> gave before a restart. The metric's observations from <see cref="RefillFrom"/> on have to be
    /// added again before the first <see cref="Advance"/>.
    /// </param>
    public AlertMachine(AlertRule rule, int lateness = 60, AlertSnapshot? kept = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lateness);
        (_rule, _lateness, _series) = (rule, lateness, new(rule.Metric));
        At = kept?.At;
        foreach (var (live, settled) in kept is null ? [] : kept.Live.Zip(kept.Settled))
        {
            var series = _series.Of(live.Segment);
            _segments[live.Segment] = new(series, new(rule, series, isSettled: false, live), new(rule, series, isSettled: true, settled));
        }
    }

    /// <summary>The last second that was evaluated; none before the first one.</summary>
    public long? At { get; private set; }

    /// <summary>Segments above <see cref="MaxSegments"/> in observations: how often.</summary>
    public long Ignored { get; private set; }

    /// <summary>Observations that came after the last evaluation that they could have changed.</summary>
    public long TooLate { get; private set; }

    /// <summary>Beginning of the oldest period, in seconds, that an evaluation to come can need.</summary>
    public long RefillFrom => At is { } at ? at - _lateness - _rule.Reach : long.MinValue;

    public IEnumerable<SegmentStatus> Segments => _segments.Values.Select(segment => segment.Live.Status);

    /// <summary>
    /// Takes values from here from now on, which others share: whoever keeps them sets them there, before <see cref="Hear"/>,
    /// and forgets them.
    /// </summary>
    public void Share(MetricSeries series)
    {
        (_series, _isShared) = (series, true);
        foreach (var (name, segment) in _segments.ToList())
        {
            var shared = series.Of(name);
            _segments[name] = new(shared, segment.Live.On(shared), segment.Settled.On(shared));
        }
    }

    /// <summary>Whether it holds a segment.</summary>
    public bool Watches(string segment) => _segments.ContainsKey(segment);

    /// <summary>
    /// Takes a period's value: provisional, final or corrected. Those of other metrics change nothing, nor do those of segments
    /// where the whole is watched, or of the whole ("") where segments are.
    /// </summary>
    public void Add(in Observation observation)
    {
        var start = Start(observation, _rule.Metric.Period);
        if (observation.Metric == _rule.Metric.Id)
        {
            Hear(observation.Segment, [(start, observation.Value)]);
            if (start >= RefillFrom && _segments.TryGetValue(observation.Segment, out var segment))
            {
                segment.Series.Set(start, observation.Value);
            }
        }
    }

    /// <summary>Hears of values of a segment, by the beginnings of their periods; what it has no use for changes nothing.</summary>
    public void Hear(string name, ReadOnlySpan<(long Start, double? Value)> values)
    {
        if ((name.Length > 0) != _rule.PerSegment)
        {
            return;
        }

        var from = RefillFrom;
        Segment? segment = null;
        foreach (var (start, value) in values)
        {
            if (start < from)
            {
                TooLate++;
                continue;
            }

            segment ??= Find(name, start);
            if (segment is null)
            {
                continue;
            }

            if (At is null && value is { } number && double.IsFinite(number))
            {
                segment.Live.BeginBy(start);
                segment.Settled.BeginBy(start);
            }

            segment.Live.Changed(start);
            segment.Settled.Changed(start);
        }
    }

    /// <summary>The second at which an observation's period begins.</summary>
    public static long Start(in Observation observation, int period) => PeriodSeries.Floor(Math.DivRem(observation.Start, NanosecondsPerSecond).Quotient, period);

    /// <summary>Evaluates every second up to this one, itself included. A second that has been evaluated is not evaluated again.</summary>
    /// <param name="second">Since 1970 UTC.</param>
    /// <param name="live">Takes what happened, by time and segment: for notices.</param>
    /// <param name="settled">Takes what happened up to the lateness ago, with all late records: the history.</param>
    public void Advance(long second, ICollection<AlertSignal> live, ICollection<AlertSignal> settled)
    {
        if (!_rule.PerSegment)
        {
            Find("", second);
        }

        if (At is not { } at || second > at)
        {
            Evaluate(live, segment => segment.Live, second);
            Evaluate(settled, segment => segment.Settled, second - _lateness);
            At = second;
            Forget(second - _lateness - _rule.Reach);
        }
    }

    /// <summary>The clock had been wrong: evaluations go on from an earlier second. What fires goes on firing.</summary>
    public void SetBack(long second)
    {
        if (At > second)
        {
            At = second;
            foreach (var segment in _segments.Values)
            {
                segment.Live.SetBack(second);
                segment.Settled.SetBack(second - _lateness);
            }
        }
    }

    public AlertSnapshot Keep() => new(
        At,
        [.. _segments.Values.Select(segment => segment.Live.Keep())],
        [.. _segments.Values.Select(segment => segment.Settled.Keep())]);

    void Evaluate(ICollection<AlertSignal> signals, Func<Segment, SegmentTrack> track, long second)
    {
        List<AlertSignal>? raised = null;
        foreach (var segment in _segments.Values)
        {
            track(segment).Advance(second, raised ??= []);
        }

        foreach (var signal in raised?.OrderBy(signal => signal.Time) ?? Enumerable.Empty<AlertSignal>())
        {
            signals.Add(signal);
        }
    }

    Segment? Find(string name, long start)
    {
        if (_segments.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_segments.Count >= MaxSegments)
        {
            Ignored++;
            return null;
        }

        var series = _series.Of(name);
        var segment = new Segment(series, Track(series, name, isSettled: false, start, At), Track(series, name, isSettled: true, start, At - _lateness));
        _segments.Add(name, segment);
        return segment;
    }

    /// <summary>A segment that is new now has no past that could still fire.</summary>
    SegmentTrack Track(PeriodSeries series, string name, bool isSettled, long began, long? at)
    {
        var fresh = new SegmentTrack(_rule, series, name, isSettled, began);
        return at >= began ? new(_rule, series, isSettled, fresh.Keep() with { At = at.Value }) : fresh;
    }

    void Forget(long before)
    {
        if (before <= _dropped)
        {
            return;
        }

        // A step now and then, not one a second.
        _dropped = before + 10;
        List<string>? gone = null;
        foreach (var (name, segment) in _segments)
        {
            if (_rule.PerSegment && segment.Series.FirstFrom(before) is null && segment is { Live.State: AlertState.Ok, Settled.State: AlertState.Ok })
            {
                (gone ??= []).Add(name);
            }
        }

        gone?.ForEach(name => _segments.Remove(name));
        if (!_isShared)
        {
            _series.DropBefore(before, Watches);
        }
    }

    sealed record Segment(PeriodSeries Series, SegmentTrack Live, SegmentTrack Settled);
}
