using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;

namespace Puppylog.Tests.Alerts.Notices;

public sealed class NoticeComposerTests
{
    static readonly AlertRule Rule = new()
    {
        Id = "high",
        Metric = new("m", 1, true),
        Window = 1,
        Threshold = 10,
        Title = "High traffic",
        ValueName = "hits",
        Samples = 5,
        Severity = Severity.Critical,
    };

    static readonly NoticeComposer Composer = new(Rule, _ => Enumerable.Repeat(new string('x', 600), 9));

    [Fact]
    public void Firing_and_recovery_are_told_with_keys_of_their_own()
    {
        var notices = Composer.Compose([Firing(5), Recovered(9, fired: 5)], []).ToList();
        Assert.Equal(["high//77/firing", "high//77/recovered"], notices.Select(notice => notice.Key));
        Assert.Equal(
            [
                "High traffic generated an alert - hits = 11, triggered at 1970-01-01T00:00:05Z",
                "High traffic alert recovered - hits = 11, recovered at 1970-01-01T00:00:09Z",
            ],
            notices.Select(notice => notice.Message));
        Assert.Equal([5L, 5L], notices.Select(notice => notice.Fired));
    }

    [Fact]
    public void Pending_is_told_to_nobody() =>
        Assert.Empty(Composer.Compose([Firing(5) with { Kind = SignalKind.Pending }, Firing(6) with { Kind = SignalKind.Calmed }], []));

    [Fact]
    public void Samples_are_few_and_short()
    {
        var samples = Composer.Compose([Firing(5)], []).Single().Samples;
        Assert.Equal(NoticeComposer.MaxSamples, samples.Count);
        Assert.All(samples, sample => Assert.Equal(new string('x', NoticeComposer.LongestSample) + "…", sample));
    }

    [Theory]
    [InlineData(0, 10, "")]
    [InlineData(0, 5, "firing recovered")]
    [InlineData(5, 9, "recovered")]
    [InlineData(6, 10, "firing recovered")]
    [InlineData(5, 10, "")]
    public void Silence_leaves_out_the_firing_and_the_recovery_of_what_nobody_was_told(long from, long until, string told)
    {
        Silence[] silences = [new("high", null, from, until, "deployment")];
        var kinds = Composer.Compose([Firing(5), Recovered(9, fired: 5)], silences).Select(notice => notice.Key.Split('/')[^1]);
        Assert.Equal(told, string.Join(' ', kinds));
    }

    [Fact]
    public void Silence_of_another_rule_or_segment_silences_nothing() =>
        Assert.Single(Composer.Compose([Firing(5)], [new("other", null, 0, 10, ""), new("high", "/a", 0, 10, "")]));

    [Fact]
    public void What_still_fires_when_its_silence_ends_is_told_once()
    {
        Silence[] silences = [new("high", null, 0, 10, "")];
        SegmentStatus[] segments = [new("", AlertState.Firing, 5, new(11), AlertCause.Threshold, 77)];
        Assert.Empty(Composer.Unsilenced(segments, silences, 8, 9));
        Assert.Equal(Composer.Compose([Firing(5)], []).Single().Key, Composer.Unsilenced(segments, silences, 9, 10).Single().Key);
        Assert.Empty(Composer.Unsilenced(segments, silences, 10, 11));
        Assert.Empty(Composer.Unsilenced(segments, [.. silences, new("high", null, 8, 20, "")], 9, 10));
    }

    [Fact]
    public void Test_notice_says_that_it_is_one()
    {
        var notice = NoticeComposer.Test(Rule.Id, Rule.Labels, 5);
        Assert.Equal(NoticeKind.Test, notice.Kind);
        Assert.Equal("This is a test of alert high, sent at 1970-01-01T00:00:05Z. Nothing is wrong.", notice.Message);
    }

    static AlertSignal Firing(long time) => new("", SignalKind.Firing, time, new(11), AlertCause.Threshold, 77, time);

    static AlertSignal Recovered(long time, long fired) => new("", SignalKind.Recovered, time, new(11), AlertCause.Threshold, 77, fired);
}
