using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>
/// Evaluates a rule on one segment at every whole second, in order. Only those seconds are looked at at which something can
/// have changed: a gap of years is a few steps.
/// </summary>
sealed class SegmentTrack
{
    readonly AlertRule _rule;
    readonly PeriodSeries _series;
    readonly SlidingWindow _window;
    readonly string _segment;
    readonly bool _isSettled;
    long _began;
    long _episode;
    bool _corrected;

    /// <param name="isSettled">Evaluates for the history.</param>
    public SegmentTrack(AlertRule rule, PeriodSeries series, string segment, bool isSettled, long began)
    {
        (_rule, _series, _segment, _isSettled) = (rule, series, segment, isSettled);
        _window = series.Window(rule.Statistic, rule.Window);
        _began = _episode = Since = began;
        At = began - 1;
    }

    /// <param name="isSettled">Evaluates for the history.</param>
    public SegmentTrack(AlertRule rule, PeriodSeries series, bool isSettled, TrackSnapshot kept)
    {
        (_rule, _series, _segment, _isSettled) = (rule, series, kept.Segment, isSettled);
        _window = series.Window(rule.Statistic, rule.Window);
        (State, Since, Cause, _began, _episode, At) = (kept.State, kept.Since, kept.Cause, kept.Began, kept.Episode, kept.At);
    }

    public AlertState State { get; private set; }

    public long Since { get; private set; }

    public AlertCause Cause { get; private set; }

    /// <summary>The last second that was evaluated.</summary>
    public long At { get; private set; }

    /// <summary>None where the window has none, or is not yet long enough to be judged.</summary>
    public WindowValue? Value { get; private set; }

    /// <summary>The same on other values.</summary>
    public SegmentTrack On(PeriodSeries series) => new(_rule, series, _isSettled, Keep()) { Value = Value, _corrected = true };

    public SegmentStatus Status => new(_segment, State, Since, Value, Cause, _episode);

    public TrackSnapshot Keep() => new(_segment, State, Since, Cause, _began, _episode, At);

    /// <summary>A period was set: where it lies before the last evaluation, the next second sees it.</summary>
    public void Changed(long start) => _corrected |= start <= At;

    /// <summary>Begins earlier; only before the first evaluation.</summary>
    public void BeginBy(long second)
    {
        if (second < _began)
        {
            _began = _episode = Since = second;
            At = second - 1;
        }
    }

    /// <summary>Evaluates up to a second, itself included.</summary>
    public void Advance(long second, ICollection<AlertSignal> signals)
    {
        if (second > At && IsSteady(second, out var value))
        {
            (At, Value, _corrected) = (second, second - _began < Unjudged ? null : value, false);
            return;
        }

        for (var next = NextChange(); next <= second; next = NextChange())
        {
            At = next;
            _corrected = false;
            Evaluate(signals);
        }

        At = Math.Max(At, second);
    }

    /// <summary>The clock had been wrong: goes on from an earlier second. What fires goes on firing.</summary>
    public void SetBack(long second)
    {
        At = second;
        _began = Math.Min(_began, second);
        Since = Math.Min(Since, second);
        _corrected = true;
    }

    /// <summary>True where no second up to this one can change the state: what most segments of most rules do most of the time.</summary>
    /// <param name="value">The window's at the last one.</param>
    bool IsSteady(long until, out WindowValue? value)
    {
        value = null;
        if (_rule.AgainstYesterday || State is AlertState.Pending || (State is AlertState.Firing && Cause is AlertCause.NoData)
            || (State is AlertState.Ok && _rule.NoData is { } longest && _series.LongestSilence(At, until) >= longest + _rule.Metric.Period))
        {
            return false;
        }

        var extent = _window.Over(At + 1, until, _isSettled);
        value = extent.Newest;
        return State is AlertState.Ok ? !extent.CanBeBad(_rule) : !extent.CanBeGood(_rule);
    }

    void Evaluate(ICollection<AlertSignal> signals)
    {
        Value = Judge();
        var silent = IsSilent();
        var bad = Value is { } value && _rule.IsBad(value);
        switch (State)
        {
            case AlertState.Ok when bad || silent:
                Enter(AlertState.Pending, silent && !bad ? AlertCause.NoData : AlertCause.Threshold);
                if (_rule.For == 0 || Cause is AlertCause.NoData)
                {
                    Fire(signals);
                }
                else
                {
                    Tell(signals, SignalKind.Pending);
                }

                break;
            case AlertState.Pending when !bad && !silent:
                Enter(AlertState.Ok, Cause);
                Tell(signals, SignalKind.Calmed);
                break;
            case AlertState.Pending when silent && !bad:
                Cause = AlertCause.NoData;
                Fire(signals);
                break;
            case AlertState.Pending when At - Since >= _rule.For:
                Fire(signals);
                break;
            case AlertState.Firing when bad:
                Cause = AlertCause.Threshold;
                break;
            case AlertState.Firing when !silent && IsGood():
                var fired = Since;
                Enter(AlertState.Ok, Cause);
                Tell(signals, SignalKind.Recovered, fired);
                break;
        }
    }

    /// <summary>Records that came back end a silence; a threshold has to be passed by a value.</summary>
    bool IsGood() => Cause is AlertCause.NoData || (Value is { } value && _rule.IsGood(value));

    WindowValue? Judge()
    {
        if (At - _began < Unjudged)
        {
            return null;
        }

        var now = _series.Compute(_rule.Statistic, _rule.Window, At);
        return _rule.AgainstYesterday ? Change(now, _series.Compute(_rule.Statistic, _rule.Window, At - AlertRule.Day)) : now;
    }

    /// <summary>Percent; none against nothing, unless it is nothing still.</summary>
    public static WindowValue? Change(WindowValue? now, WindowValue? before) => (now, before) switch
    {
        (null, _) or (_, null) => null,
        (_, { Numerator: 0 }) => now.Value.Numerator == 0 ? new(0) : null,
        _ => new((now.Value.Number - before.Value.Number) / Math.Abs(before.Value.Number) * 100),
    };

    /// <summary>Seconds in which too little is known: a window that has only begun would be low.</summary>
    long Unjudged => _rule switch
    {
        { AgainstYesterday: true } => _rule.Window + AlertRule.Day,
        { Comparison: Comparison.Below } => _rule.Window,
        _ => 0,
    };

    bool IsSilent() => _rule.NoData is { } longest && At - _began >= longest && !(_series.LastBefore(At) > At - longest - _rule.Metric.Period);

    void Fire(ICollection<AlertSignal> signals)
    {
        _episode++;
        Enter(AlertState.Firing, Cause);
        Tell(signals, SignalKind.Firing);
    }

    void Enter(AlertState state, AlertCause cause) => (State, Since, Cause) = (state, At, cause);

    void Tell(ICollection<AlertSignal> signals, SignalKind kind, long? began = null) =>
        signals.Add(new(_segment, kind, At, Value, Cause, _episode, began ?? At));

    /// <summary>The next second at which an evaluation can come to another result than the last one.</summary>
    long NextChange()
    {
        var period = _rule.Metric.Period;
        var next = _corrected ? At + 1 : long.MaxValue;
        Consider(ref next, _series.FirstFrom(At), 1);
        ConsiderWindow(ref next, 0);
        if (_rule.AgainstYesterday)
        {
            ConsiderWindow(ref next, AlertRule.Day);
        }

        Consider(ref next, _began, Unjudged);
        if (State is AlertState.Pending)
        {
            Consider(ref next, Since, _rule.For);
        }

        if (_rule.NoData is { } longest)
        {
            Consider(ref next, _began, longest);
            Consider(ref next, _series.LastBefore(At + 1), period + longest);
        }

        return next;
    }

    /// <summary>Where a period enters the window, is no longer its newest one, or leaves it.</summary>
    void ConsiderWindow(ref long next, long back)
    {
        var enters = _rule.Metric.Period + back;
        Consider(ref next, _series.FirstFrom(At - enters + 1), enters);
        Consider(ref next, _series.FirstFrom(At - enters - _rule.Metric.Period + 1), enters + _rule.Metric.Period);
        Consider(ref next, _series.FirstFrom(At - enters - _rule.Window + 1), enters + _rule.Window);
    }

    void Consider(ref long next, long? from, long seconds)
    {
        if (from + seconds is { } second && second > At && second < next)
        {
            next = second;
        }
    }
}
