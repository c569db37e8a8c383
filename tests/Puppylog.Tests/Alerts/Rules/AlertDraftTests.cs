using Puppylog.Alerts.Rules;

namespace Puppylog.Tests.Alerts.Rules;

public sealed class AlertDraftTests
{
    static readonly ObservedMetric[] Metrics = [new("total_traffic", 1, true), new("per_route", 10, true, true), new("slow", 10, false)];

    static readonly AlertDraft Good = new() { Id = "high", Metric = "total_traffic", Window = 120, Above = 10 };

    static readonly (string Name, Func<AlertDraft, AlertDraft> Change, string Told)[] Table =
    [
        ("no id", d => d with { Id = "" }, "an alert's id is 1 to 100 letters, digits, '_', '-' and '.', for instance high_traffic"),
        ("id with a space", d => d with { Id = "a b" }, "an alert's id is 1 to 100 letters, digits, '_', '-' and '.', for instance high_traffic"),
        ("unknown metric", d => d with { Metric = "x" }, "there is no metric x; there are per_route, slow, total_traffic"),
        ("segments of none", d => d with { PerSegment = true }, "metric total_traffic has no segments; watch it as a whole, or take a metric that has some"),
        ("title", d => d with { Title = "a\nb" }, "title is a text of 1 to 200 characters in one line"),
        ("samples", d => d with { Samples = 6 }, "samples is 0 to 5 lines, and not 6"),
        ("both sides", d => d with { Below = 1 }, "an alert has one threshold, above or below; make two alerts of it"),
        ("nothing fires", d => d with { Above = null }, "say when it fires: above NUMBER, below NUMBER, or no-data SECONDS"),
        ("too large", d => d with { Above = 2_000_000_000_000m }, "a threshold is at most 1000000000000 either way, and not 2000000000000"),
        ("recovery over", d => d with { RecoverBelow = 10.5m }, "recover-below 10.5 is over the threshold; take 10 or less"),
        ("recovery under", d => d with { Above = null, Below = 3, RecoverAbove = 2 }, "recover-above 2 is under the threshold; take 3 or more"),
        ("wrong recovery", d => d with { RecoverAbove = 12 }, "above goes with recover-below, and below with recover-above"),
        ("change of nothing", d => d with { Above = null, NoData = 60, AgainstYesterday = true }, "a change against yesterday needs above PERCENT or below PERCENT"),
        ("long window", d => d with { Window = 86_401 }, "a window is 1 to 86400 seconds, and not 86401"),
        ("no window", d => d with { Window = 0 }, "a window is 1 to 86400 seconds, and not 0"),
        ("no multiple", d => d with { Metric = "slow", Window = 25 }, "the window of 25 s is no multiple of the period of slow, 10 s; take 20 or 30"),
        ("under a period", d => d with { Metric = "slow", Window = 5 }, "the window of 5 s is no multiple of the period of slow, 10 s; take 10"),
        ("negative for", d => d with { For = -1 }, "for is 0 to 86400 seconds, and not -1"),
        ("no no-data", d => d with { NoData = 0 }, "no-data is 1 to 86400 seconds, and not 0"),
        ("short no-data", d => d with { Metric = "slow", NoData = 5 }, "no-data of 5 s is shorter than the period of slow; take 10 or more"),
        ("label", d => d with { Labels = new Dictionary<string, string> { ["a-b"] = "x" } }, "a label's name is letters, digits and '_', not 'a-b'"),
    ];

    public static TheoryData<string> Mistakes => [.. Table.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_is_told_with_what_would_work(string name)
    {
        var (_, change, expected) = Table.Single(row => row.Name == name);
        Assert.Null(change(Good).Check(Metrics, out var mistakes));
        Assert.Equal([expected], mistakes.Select(mistake => mistake.Text));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        Assert.Null(new AlertDraft { Metric = "total_traffic", Window = 0, For = -1 }.Check(Metrics, out var mistakes));
        Assert.Equal(4, mistakes.Count);
    }

    [Fact]
    public void Without_metrics_it_is_said_how_to_get_some()
    {
        Assert.Null(Good.Check([], out var mistakes));
        Assert.Equal(["there are no metrics yet; 'puppylog metrics create --default' makes total_traffic"], mistakes.Select(mistake => mistake.Text));
    }

    [Fact]
    public void Rule_has_what_the_draft_says()
    {
        var rule = (Good with { RecoverBelow = 8, For = 60, NoData = 300, Severity = Severity.Critical }).Check(Metrics, out var mistakes);
        Assert.Empty(mistakes);
        Assert.Equal(
            (120, Comparison.Above, 10m, 8m, 60, 300, Severity.Critical, "high", "total_traffic"),
            (rule!.Window, rule.Comparison, rule.Threshold!.Value, rule.Recovery!.Value, rule.For, rule.NoData!.Value, rule.Severity, rule.Title, rule.ValueName));
    }
}
