using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.States;

/// <summary>What a rule on the whole means, second by second and without any cleverness. Its time begins at 0.</summary>
sealed class EverySecondModel(AlertRule rule, int lateness)
{
    readonly Track _live = new();
    readonly Track _settled = new();

    public Dictionary<long, double?> Values { get; } = [];

    public IEnumerable<(SignalKind Kind, long At)> Live => _live.Signals;

    public IEnumerable<(SignalKind Kind, long At)> Settled => _settled.Signals;

    public void Set(long start, double? value) => Values[start] = value;

    public void To(long second)
    {
        Play(_live, second);
        Play(_settled, second - lateness);
    }

    void Play(Track track, long second)
    {
        for (; track.Next <= second; track.Next++)
        {
            var t = track.Next;
            var value = Statistic(t);
            var judged = rule.Comparison is Comparison.Above || t >= rule.Window;
            bool bad = judged && rule.Threshold is { } threshold && (rule.Comparison is Comparison.Above ? value > (double)threshold : value < (double)threshold);
            bool good = judged && rule.Threshold is not null && (rule.Comparison is Comparison.Above ? value < (double)rule.Recovery! : value > (double)rule.Recovery!);
            var silent = rule.NoData is { } n && t >= n && !Reachable(t, n).Any(s => Values.TryGetValue(s, out var known) && known is not null && s + rule.Metric.Period + n > t);
            switch (track.State)
            {
                case AlertState.Ok when silent && !bad:
                    (track.State, track.Silent) = (AlertState.Firing, true);
                    track.Signals.Add((SignalKind.Firing, t));
                    break;
                case AlertState.Ok when bad:
                    (track.State, track.Since, track.Silent) = (rule.For == 0 ? AlertState.Firing : AlertState.Pending, t, false);
                    track.Signals.Add((rule.For == 0 ? SignalKind.Firing : SignalKind.Pending, t));
                    break;
                case AlertState.Pending when silent && !bad:
                    (track.State, track.Silent) = (AlertState.Firing, true);
                    track.Signals.Add((SignalKind.Firing, t));
                    break;
                case AlertState.Pending when !bad:
                    track.State = AlertState.Ok;
                    track.Signals.Add((SignalKind.Calmed, t));
                    break;
                case AlertState.Pending when t >= track.Since + rule.For:
                    track.State = AlertState.Firing;
                    track.Signals.Add((SignalKind.Firing, t));
                    break;
                case AlertState.Firing when bad:
                    track.Silent = false;
                    break;
                case AlertState.Firing when !silent && (track.Silent || good):
                    track.State = AlertState.Ok;
                    track.Signals.Add((SignalKind.Recovered, t));
                    break;
            }
        }
    }

    IEnumerable<long> Reachable(long t, int seconds)
    {
        for (var s = Math.Max(0, t - seconds - rule.Metric.Period); s < t; s++)
        {
            yield return s;
        }
    }

    double? Statistic(long t)
    {
        var period = rule.Metric.Period;
        var end = t / period * period;
        var all = Enumerable.Range(1, rule.Window / period).Select(i => Values.GetValueOrDefault(end - rule.Window + ((i - 1) * period)));
        var present = (rule.Metric.ZeroWithoutRecords ? all.Select(value => value ?? 0) : all.OfType<double>()).ToArray();
        return present.Length == 0 ? null : rule.Statistic switch
        {
            WindowStatistic.Avg => present.Average(),
            WindowStatistic.Sum => present.Sum(),
            WindowStatistic.Min => present.Min(),
            WindowStatistic.Max => present.Max(),
            _ => present[^1],
        };
    }

    sealed class Track
    {
        public long Next { get; set; }

        public AlertState State { get; set; }

        public long Since { get; set; }

        public bool Silent { get; set; }

        public List<(SignalKind Kind, long At)> Signals { get; } = [];
    }
}
