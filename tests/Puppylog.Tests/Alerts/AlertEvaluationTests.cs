using Puppylog.Alerts;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Outbox;
using Puppylog.Alerts.Rules;
using Puppylog.Metrics;

namespace Puppylog.Tests.Alerts;

public sealed class AlertEvaluationTests
{
    static readonly AlertRule Rule = new() { Id = "high", Metric = new("m", 1, true), Window = 3, Threshold = 10, Recovery = 8, Title = "High traffic", ValueName = "hits" };

    readonly Dictionary<long, double> _metric = [];
    readonly MemoryOutbox _outbox = new();
    KeptAlert? _kept;

    /// <summary>How many keeps and tells still succeed before the process dies.</summary>
    int _life = int.MaxValue;

    [Fact]
    public void Silence_that_ends_while_it_fires_tells_it_then_and_its_recovery_too()
    {
        var evaluation = new AlertEvaluation(Rule, null, null);
        Silence[] silences = [new("high", null, 1000, 1020, "deployment")];
        for (var second = 1000L; second < 1050; second++)
        {
            Play(evaluation, second, second < 1030 ? 20 : 0, silences);
        }

        Assert.Equal(
            [
                "High traffic generated an alert - hits = 20, triggered at 1970-01-01T00:16:42Z",
                "High traffic alert recovered - hits = 6.67, recovered at 1970-01-01T00:17:12Z",
            ],
            Told().Select(notice => notice.Message));
    }

    [Fact]
    public void Crash_at_any_step_loses_no_notice_and_tells_none_twice()
    {
        var random = new Random(11);
        var values = Enumerable.Range(0, 200).Select(second => (double)(second / 20 % 2 * 10) + random.Next(0, 8)).ToArray();
        var expected = Lives(values, int.MaxValue);
        Assert.True(expected.Count > 6);
        for (var steps = 2; steps < 40; steps++)
        {
            Assert.Equal(expected, Lives(values, steps));
        }
    }

    /// <summary>Plays the values in lives of so many steps each, and returns the keys that were told.</summary>
    List<string> Lives(double[] values, int steps)
    {
        _metric.Clear();
        _kept = null;
        var outbox = new MemoryOutbox();
        var told = 0;
        AlertEvaluation? evaluation = null;
        for (var second = 0; second < values.Length; second++)
        {
            _metric[1000 + second] = values[second];
            while (true)
            {
                try
                {
                    evaluation ??= Begin(outbox, steps, () => told++);
                    evaluation.Add(new("m", (1000 + second) * 1_000_000_000L, "", values[second]));
                    if (evaluation.Advance(1001 + second, []) is { } step && step.Live.Count + step.Settled.Count > 0)
                    {
                        Step();
                        _kept = evaluation.Keep(step.Notices);
                        Tell(outbox, step.Notices, () => told++);
                    }

                    break;
                }
                catch (IOException)
                {
                    // Keeping and telling always make progress: the first step of a life can be the notices of the last one, the second one is new.
                    evaluation = null;
                }
            }
        }

        Assert.Equal(told, outbox.Pending("a", 1000).Count);
        return [.. outbox.Pending("a", 1000).Select(notice => $"{notice.Key} {notice.Message}")];
    }

    AlertEvaluation Begin(MemoryOutbox outbox, int steps, Action counted)
    {
        _life = steps;
        var evaluation = new AlertEvaluation(Rule, null, _kept?.States);
        Tell(outbox, _kept?.Notices ?? [], counted);
        foreach (var (second, value) in _metric.Where(entry => entry.Key >= evaluation.RefillFrom))
        {
            evaluation.Add(new("m", second * 1_000_000_000, "", value));
        }

        return evaluation;
    }

    void Tell(MemoryOutbox outbox, IReadOnlyList<Notice> notices, Action counted)
    {
        if (notices.Count > 0)
        {
            Step();
            for (var put = outbox.Put(["a"], notices); put > 0; put--)
            {
                counted();
            }
        }
    }

    void Step()
    {
        if (_life-- <= 0)
        {
            throw new IOException("the process died");
        }
    }

    void Play(AlertEvaluation evaluation, long second, double value, Silence[] silences)
    {
        evaluation.Add(new Observation("m", second * 1_000_000_000, "", value));
        _outbox.Put(["a"], evaluation.Advance(second + 1, silences)!.Notices);
    }

    IReadOnlyList<Notice> Told() => _outbox.Pending("a", 1000);
}
