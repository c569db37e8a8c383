using FsCheck;
using FsCheck.Fluent;
using Puppylog.Alerts;

namespace Puppylog.Tests.Alerts;

/// <summary>Random scripts against the rule's text, computed from the full list of hits.</summary>
public sealed class TrafficAlertModelTests
{
    [Fact]
    public void Alert_agrees_with_the_rule_computed_from_all_hits()
    {
        // A step: how far time goes on, the hit's distance from then (negative: late), and how many hits.
        var step = from ahead in Gen.Frequency((6, Gen.Choose(0, 3)), (1, Gen.Choose(4, 40)))
                   from distance in Gen.Choose(-30, 5)
                   from hits in Gen.Choose(0, 12)
                   select (ahead, distance, hits);
        var script = from window in Gen.Choose(1, 12)
                     from quarters in Gen.Choose(0, 12)
                     from steps in step.ListOf()
                     select (window, quarters, steps);
        Prop.ForAll(script.ToArbitrary(), s => Agrees(s.window, s.quarters / 4m, [.. s.steps])).QuickCheckThrowOnFailure();
    }

    static bool Agrees(int window, decimal threshold, (int Ahead, int Distance, int Hits)[] steps)
    {
        var alert = new TrafficAlert(new TrafficRule(window, threshold));
        var told = new List<AlertTransition>();
        var expected = new List<AlertTransition>();
        var hits = new List<(long Second, int Hits)>();
        long now = 1000;
        var firing = false;
        alert.Advance(now, told);
        foreach (var step in steps)
        {
            for (var t = now + 1; t <= now + step.Ahead; t++)
            {
                long sum = hits.Where(hit => t - window <= hit.Second && hit.Second < t).Sum(hit => (long)hit.Hits);
                var average = (decimal)sum / window;
                if (!firing && sum > threshold * window)
                {
                    firing = true;
                    expected.Add(new(true, t, sum, window));
                }
                else if (firing && average < threshold && sum < threshold * window)
                {
                    firing = false;
                    expected.Add(new(false, t, sum, window));
                }
            }

            now += step.Ahead;
            alert.Advance(now, told);
            hits.Add((now + step.Distance, step.Hits));
            alert.Add(now + step.Distance, step.Hits);
        }

        return told.SequenceEqual(expected) && alert.IsFiring == firing;
    }
}
