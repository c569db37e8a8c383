using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.States;

/// <summary>Bounds found in one pass against every window computed anew.</summary>
public sealed class SlidingWindowTests
{
    /// <summary>Those whose sums keep no trace of what was taken out, and those whose do.</summary>
    static readonly double[] Numbers = [0, 1, 2, 7, -3, 0.1, 0.7, -2.25, 1e9, 1e11, 3e15, -0.0];

    static Gen<(int At, double? Value)[]> Values =>
        (from at in Gen.Choose(0, 120)
         from value in Gen.Frequency((12, Gen.Elements(Numbers).Select(number => (double?)number)), (1, Gen.Constant((double?)null)))
         select (at, value)).ArrayOf();

    static Gen<ObservedMetric> Metrics => from period in Gen.Elements(1, 5) from zero in Gen.Elements(true, false) select new ObservedMetric("m", period, zero);

    [Fact]
    public void Bounds_are_those_of_all_windows() =>
        Prop.ForAll(
            Arb.From(
                from metric in Metrics
                from statistic in Gen.Elements(Enum.GetValues<WindowStatistic>())
                from periods in Gen.Choose(1, 6)
                from values in Values
                from asked in (from first in Gen.Choose(-10, 140) from length in Gen.Choose(0, 60) from settled in Gen.Elements(true, false) select (first, length, settled)).ArrayOf()
                from dropped in Gen.Choose(-10, 60)
                select (metric, statistic, periods, values, asked, dropped)),
            given =>
            {
                var (metric, window) = (given.metric, given.periods * given.metric.Period);
                var series = new PeriodSeries(metric);
                var sliding = series.Window(given.statistic, window);
                foreach (var (at, value) in given.values.Take(given.values.Length / 2))
                {
                    series.Set(at, value);
                }

                series.DropBefore(given.dropped);
                foreach (var ((first, length, settled), index) in given.asked.Select((asked, index) => (asked, index)))
                {
                    foreach (var (at, value) in given.values.Skip((given.values.Length / 2) + index).Take(1))
                    {
                        series.Set(at, value);
                    }

                    var extent = sliding.Over(first, first + length, settled);
                    var all = Enumerable.Range(first, length + 1).Select(second => series.Compute(given.statistic, window, second)).ToList();
                    Assert.Equal(all[^1], extent.Newest);
                    Assert.Equal(all.Min(value => value?.Number), extent.Least?.Number);
                    Assert.Equal(all.Max(value => value?.Number), extent.Most?.Number);
                    Assert.Equal(all.TrueForAll(value => value?.IsExact != false) && (given.statistic is not WindowStatistic.Avg || metric.ZeroWithoutRecords), extent.IsExact);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(100));

    [Fact]
    public void What_cannot_be_bad_or_good_is_so_at_no_second() =>
        Prop.ForAll(
            Arb.From(
                from metric in Metrics
                from statistic in Gen.Elements(Enum.GetValues<WindowStatistic>())
                from periods in Gen.Choose(1, 6)
                from values in Values
                from below in Gen.Elements(true, false)
                from threshold in Gen.Elements(0m, 0.1m, 0.7m, 1m, 2m, 7m, -3m, 0.35m, 500_000_000m)
                select (metric, values, rule: new AlertRule
                {
                    Id = "a",
                    Title = "a",
                    ValueName = "v",
                    Metric = metric,
                    Statistic = statistic,
                    Window = periods * metric.Period,
                    Comparison = below ? Comparison.Below : Comparison.Above,
                    Threshold = threshold,
                })),
            given =>
            {
                var (rule, series) = (given.rule, new PeriodSeries(given.metric));
                foreach (var (at, value) in given.values)
                {
                    series.Set(at, value);
                }

                for (var first = 0; first < 130; first += 13)
                {
                    var extent = series.Window(rule.Statistic, rule.Window).Over(first, first + 12, isSettled: false);
                    var all = Enumerable.Range(first, 13).Select(second => series.Compute(rule.Statistic, rule.Window, second)).OfType<WindowValue>().ToList();
                    Assert.True(extent.CanBeBad(rule) || !all.Exists(rule.IsBad));
                    Assert.True(extent.CanBeGood(rule) || !all.Exists(rule.IsGood));
                    if (extent.IsExact)
                    {
                        Assert.Equal(all.Exists(rule.IsBad), extent.CanBeBad(rule));
                    }
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(100));

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(0.299999, false)]
    [InlineData(0.3000001, true)]
    public void Averages_near_the_threshold_are_left_to_the_exact_comparison(double average, bool canBeBad)
    {
        var rule = new AlertRule { Id = "a", Title = "a", ValueName = "v", Metric = new("m", 1, false), Window = 9, Threshold = 0.3m };
        var value = new WindowValue(average * 7, 7);
        Assert.Equal(canBeBad, new WindowExtent(value, value, value, IsExact: false).CanBeBad(rule));
        Assert.Equal(average <= 0.3, new WindowExtent(value, value, value, IsExact: false).CanBeGood(rule));
    }

    [Fact]
    public void Longest_silence_is_that_of_every_second() =>
        Prop.ForAll(
            Arb.From(from starts in Gen.Choose(0, 60).ArrayOf() from after in Gen.Choose(-5, 60) from length in Gen.Choose(1, 30) select (starts, after, length)),
            given =>
            {
                var series = new PeriodSeries(new("m", 1, true));
                foreach (var start in given.starts)
                {
                    series.Set(start, 1);
                }

                Assert.Equal(
                    Enumerable.Range(given.after + 1, given.length).Max(second => series.LastBefore(second) is { } last ? second - last : long.MaxValue),
                    series.LongestSilence(given.after, given.after + given.length));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(40));
}
