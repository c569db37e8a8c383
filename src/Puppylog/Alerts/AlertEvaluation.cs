using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;

namespace Puppylog.Alerts;

/// <summary>One alert from observations to notices: state and notices are kept together, and only then are notices handed on.</summary>
/// <remarks>
/// So a crash before keeping leaves nothing told, and one after it leaves notices that the next life hands on again, with the
/// keys by which the outbox knows those that it has. Not thread-safe.
/// </remarks>
sealed class AlertEvaluation
{
    /// <summary>Seconds of evaluation after which the state is kept where nothing happened.</summary>
    const long KeepEvery = 10;

    readonly AlertMachine _machine;
    readonly NoticeComposer _composer;
    readonly Action<KeptAlert> _keep;
    readonly Action<IReadOnlyList<Notice>> _tell;
    long _keptAt;

    /// <param name="rule">The rule.</param>
    /// <param name="samples">Finds lines of the cause; asked only for what is told.</param>
    /// <param name="kept">What was kept before a restart: see <see cref="AlertMachine"/> for what has to be added again.</param>
    /// <param name="keep">Keeps it for good, or throws.</param>
    /// <param name="tell">Takes notices for good, those that it has had left out.</param>
    public AlertEvaluation(
        AlertRule rule, Func<AlertSignal, IEnumerable<string>>? samples, KeptAlert? kept, Action<KeptAlert> keep, Action<IReadOnlyList<Notice>> tell)
    {
        _machine = new(rule, kept: kept?.States);
        _composer = new(rule, samples);
        (_keep, _tell) = (keep, tell);
        _keptAt = kept?.States.At ?? 0;
        if (kept is { Notices.Count: > 0 })
        {
            tell(kept.Notices);
        }
    }

    /// <summary>What happened, with all late records: comes a minute late.</summary>
    public event Action<AlertSignal>? Settled;

    public IEnumerable<SegmentStatus> Segments => _machine.Segments;

    public long RefillFrom => _machine.RefillFrom;

    public void Add(in Observation observation) => _machine.Add(observation);

    public void SetBack(long second) => _machine.SetBack(second);

    /// <summary>Evaluates up to a second, and tells who is to be told.</summary>
    public void Advance(long second, IReadOnlyCollection<Silence> silences)
    {
        if (_machine.At is { } at && second <= at)
        {
            return;
        }

        List<AlertSignal> live = [], settled = [];
        var before = _machine.At ?? second;
        _machine.Advance(second, live, settled);
        List<Notice> notices = [.. _composer.Unsilenced(_machine.Segments, silences, before, second), .. _composer.Compose(live, silences)];
        if (live.Count + settled.Count + notices.Count > 0 || Math.Abs(second - _keptAt) >= KeepEvery)
        {
            _keep(new(_machine.Keep(), notices));
            _keptAt = second;
        }

        if (notices.Count > 0)
        {
            _tell(notices);
        }

        settled.ForEach(signal => Settled?.Invoke(signal));
    }
}
