using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.States;

/// <summary>Random scripts against a model that looks at every second and computes every window anew.</summary>
public sealed class AlertModelTests
{
    static readonly ObservedMetric[] Metrics = [new("m", 1, true), new("m", 1, false), new("m", 5, true), new("m", 5, false)];

    enum Act
    {
        OnTime,
        Late,
        Duplicate,
        Missing,
        Wait,
        Restart,
        Leap,
    }

    static Gen<AlertRule> Rules =>
        from metric in Gen.Elements(Metrics)
        from statistic in Gen.Elements(Enum.GetValues<WindowStatistic>())
        from periods in Gen.Choose(1, 4)
        from below in Gen.Elements(true, false)
        from threshold in Gen.Frequency((9, Gen.Choose(1, 8).Select(t => (decimal?)t)), (1, Gen.Constant((decimal?)null)))
        from hysteresis in Gen.Elements(0, 0, 2)
        from pause in Gen.Elements(0, 0, 3, 7)
        from noData in Gen.Elements(0, 0, 12)
        select new AlertRule
        {
            Id = "a",
            Title = "a",
            ValueName = "v",
            Metric = metric,
            Statistic = statistic,
            Window = metric.Period * periods,
            Comparison = below ? Comparison.Below : Comparison.Above,
            Threshold = threshold,
            Recovery = threshold + (below ? hysteresis : -hysteresis),
            For = pause,
            NoData = noData == 0 && threshold is not null ? null : 12,
        };

    static Gen<(Act Act, int Amount, int Value)[]> Scripts =>
        (from act in Gen.Frequency(
            (8, Gen.Constant(Act.OnTime)),
            (2, Gen.Constant(Act.Late)),
            (1, Gen.Constant(Act.Duplicate)),
            (1, Gen.Constant(Act.Missing)),
            (2, Gen.Constant(Act.Wait)),
            (1, Gen.Constant(Act.Restart)),
            (1, Gen.Constant(Act.Leap)))
         from amount in Gen.Choose(1, 20)
         from value in Gen.Choose(0, 12)
         select (act, amount, value)).ArrayOf();

    [Fact]
    public void Signals_and_history_are_those_of_the_model() =>
        Prop.ForAll(
            Arb.From(from rule in Rules from script in Scripts from lateness in Gen.Elements(0, 8) select (rule, script, lateness)),
            given => Run(given.rule, given.script, given.lateness)).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(120));

    static void Run(AlertRule rule, (Act Act, int Amount, int Value)[] script, int lateness)
    {
        var played = new PlayedAlert(rule, lateness);
        var model = new EverySecondModel(rule, lateness);
        var period = rule.Metric.Period;
        long now = 0;
        played.To(0);
        model.To(0);
        foreach (var (act, amount, value) in script)
        {
            switch (act)
            {
                case Act.OnTime:
                    Set(now / period * period, value);
                    now++;
                    break;
                case Act.Late:
                    Set(Math.Max(0, now - amount) / period * period, value);
                    break;
                case Act.Duplicate:
                    played.Set(0, model.Values.GetValueOrDefault(0));
                    model.Set(0, model.Values.GetValueOrDefault(0));
                    break;
                case Act.Missing:
                    Set(now / period * period, null);
                    now++;
                    break;
                case Act.Wait:
                    now += amount;
                    break;
                case Act.Leap:
                    now += amount * 10;
                    break;
                case Act.Restart:
                    played.Restart();
                    break;
            }

            played.To(now);
            model.To(now);
        }

        Assert.Equal(model.Live, played.Signals);
        Assert.Equal(model.Settled, played.History);

        void Set(long start, double? value)
        {
            played.Set(start, value);
            model.Set(start, value);
        }
    }
}
