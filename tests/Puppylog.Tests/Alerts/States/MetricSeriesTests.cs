using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.States;

public sealed class MetricSeriesTests
{
    static readonly string[] Segments = ["", "/a", "/b", "/c"];

    static Gen<AlertRule> Rules =>
        from statistic in Gen.Elements(Enum.GetValues<WindowStatistic>())
        from periods in Gen.Elements(1, 2, 5)
        from below in Gen.Elements(true, false)
        from threshold in Gen.Choose(1, 8)
        from pause in Gen.Elements(0, 0, 4)
        from noData in Gen.Elements(null, (int?)12, 30)
        from perSegment in Gen.Elements(true, true, false)
        select new AlertRule
        {
            Id = "a",
            Title = "a",
            ValueName = "v",
            Metric = new("m", 2, true, true, Lateness: 6),
            Statistic = statistic,
            Window = 2 * periods,
            Comparison = below ? Comparison.Below : Comparison.Above,
            Threshold = threshold,
            For = pause,
            NoData = noData,
            PerSegment = perSegment,
        };

    static Gen<(int Forward, (int Back, int Segment, int Value)[] Values)[]> Scripts =>
        (from forward in Gen.Elements(0, 1, 1, 2, 7, 40, 200)
         from values in (from back in Gen.Elements(0, 0, 1, 3, 9, 30) from segment in Gen.Choose(0, 3) from value in Gen.Choose(0, 12) select (back, segment, value)).ArrayOf()
         select (forward, values)).ArrayOf();

    [Fact]
    public void Rules_that_share_values_do_what_each_does_alone() =>
        Prop.ForAll(
            Arb.From(from rules in Gen.ListOf(Rules, 5) from script in Scripts from joins in Gen.Choose(0, 20) select (rules, script, joins)),
            given => Run([.. given.rules], given.script, given.joins)).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(60));

    /// <param name="joins">The step at which what is shared is made anew, as when a rule comes or goes.</param>
    static void Run(List<AlertRule> rules, (int Forward, (int Back, int Segment, int Value)[] Values)[] script, int joins)
    {
        var alone = rules.ConvertAll(rule => new Played(new(rule, 6)));
        var sharing = rules.ConvertAll(rule => new Played(new(rule, 6)));
        var shared = new MetricSeries(rules[0].Metric);
        sharing.ForEach(played => played.Machine.Share(shared));
        var known = new Dictionary<(string, long), double>();
        var now = 0L;
        for (var step = 0; step < script.Length; step++)
        {
            if (step == joins)
            {
                shared = new(rules[0].Metric);
                sharing.ForEach(played => played.Machine.Share(shared));
                foreach (var ((segment, start), value) in known)
                {
                    shared.Of(segment).Set(start, value);
                }
            }

            now += script[step].Forward;
            foreach (var (back, index, value) in script[step].Values)
            {
                var (segment, start) = (Segments[index], PeriodSeries.Floor(now - back, 2));
                known[(segment, start)] = value;
                alone.ForEach(played => played.Machine.Add(new("m", start * 1_000_000_000, segment, value)));
                shared.Of(segment).Set(start, value);
                sharing.ForEach(played => played.Machine.Hear(segment, [(start, value)]));
            }

            alone.ForEach(played => played.Machine.Advance(now, played.Live, played.Settled));
            sharing.ForEach(played => played.Machine.Advance(now, played.Live, played.Settled));
            shared.DropBefore(sharing.Min(played => played.Machine.RefillFrom), segment => sharing.Exists(played => played.Machine.Watches(segment)));
            foreach (var (one, other) in alone.Zip(sharing))
            {
                Assert.Equal(one.Live, other.Live);
                Assert.Equal(one.Settled, other.Settled);
                Assert.Equal(one.Machine.Segments, other.Machine.Segments);
            }
        }
    }

    sealed record Played(AlertMachine Machine)
    {
        public List<AlertSignal> Live { get; } = [];

        public List<AlertSignal> Settled { get; } = [];
    }
}
