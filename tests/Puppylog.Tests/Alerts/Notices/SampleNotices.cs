using Puppylog.Alerts.Notices;

namespace Puppylog.Tests.Alerts.Notices;

static class SampleNotices
{
    public static Notice Firing(int number, string segment = "") => new()
    {
        Key = $"high/{segment}/{number}/firing",
        Rule = "high",
        Segment = segment,
        Message = $"High traffic generated an alert - hits = {number}, triggered at 2026-11-21T14:00:00Z",
        Severity = Puppylog.Alerts.Rules.Severity.Critical,
        Labels = new Dictionary<string, string> { ["team"] = "web" },
        Value = $"{number}",
        Time = 1_795_269_600,
        Fired = 1_795_269_600,
        Samples = ["GET /a <b> & \"c\"", ".", "ü"],
    };

    public static Notice Recovered(int number, string segment = "") => Firing(number, segment) with
    {
        Key = $"high/{segment}/{number}/recovered",
        Kind = NoticeKind.Recovered,
        Message = $"High traffic alert recovered - hits = {number}, recovered at 2026-11-21T14:01:00Z",
        Time = 1_795_269_660,
        Samples = [],
    };
}
