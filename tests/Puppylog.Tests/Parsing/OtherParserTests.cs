using Puppylog.Parsing;
using Puppylog.Records;

namespace Puppylog.Tests.Parsing;

public sealed class OtherParserTests
{
    [Theory]
    [InlineData("2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734", 2)]
    [InlineData("2026-11-21T14:00:05Z cust_17 /api/v1/resource2 200 3", 2)]
    [InlineData("2026-11-21 14:00:05,000 cust_17 /api/v1/resource2 200 3", 2)]
    [InlineData("2026-11-21 14:00:05 cust_17 /api/v1/resource2 200 0.734\r", 0)]
    public void Api_request_becomes_fields(string line, int template)
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("api_requests", false), line);
        Assert.True(parsed.Accepted, parsed.Reason);
        Assert.Equal("2026-11-21T14:00:05Z", parsed.Time);
        Assert.Equal("cust_17", parsed.Fields["customer_id"]);
        Assert.Equal("/api/v1/resource2", parsed.Fields["route"]);
        Assert.Equal("/api/v1/resource2", parsed.Fields["path"]);
        Assert.Equal("/api", parsed.Fields["section"]);
        Assert.Equal("200", parsed.Fields["status"]);
        Assert.True(parsed.Fields["duration"] is "0.734" or "3");
        Assert.Equal(template, parsed.Template);
        Assert.Equal(template == 0 ? null : line, parsed.Composed);
        Assert.Equal(line, parsed.Message);
        Assert.Equal(Timestamps.ToRfc3339(ParsedRecord.ReadTime), ParsedRecord.Parse(LineParsers.Create("api_requests", true), line).Time);
    }

    [Theory]
    [InlineData("", "expected a time like 2026-11-21 14:00:05 and a space at the beginning")]
    [InlineData("2026-11-21 14:00:05", "expected a time like 2026-11-21 14:00:05 and a space at the beginning")]
    [InlineData("2026-13-21 14:00:05 cust_17 /api/v1/resource2 200 0.734", "expected a time like 2026-11-21 14:00:05 and a space at the beginning")]
    [InlineData("2026-11-21 14:00:05 cust_17", "expected a customer and a space after the time")]
    [InlineData("2026-11-21 14:00:05  /api 200 0.1", "expected a customer and a space after the time")]
    [InlineData("2026-11-21 14:00:05 cust_17 api 200 0.1", "expected a route that begins with / and a space after the customer")]
    [InlineData("2026-11-21 14:00:05 cust_17 ", "expected a route that begins with / and a space after the customer")]
    [InlineData("2026-11-21 14:00:05 cust_17 /api 2000 0.1", "expected a status of three digits and a space after the route")]
    [InlineData("2026-11-21 14:00:05 cust_17 /api 200", "expected a status of three digits and a space after the route")]
    [InlineData("2026-11-21 14:00:05 cust_17 /api 200 ", "expected a duration in seconds, like 0.734, after the status and nothing behind it")]
    [InlineData("2026-11-21 14:00:05 cust_17 /api 200 0.1 x", "expected a duration in seconds, like 0.734, after the status and nothing behind it")]
    public void Api_request_that_is_none_is_rejected_with_its_reason(string line, string reason) =>
        Assert.Equal(reason, ParsedRecord.Parse(LineParsers.Create("api_requests", false), line).Reason);

    [Theory]
    [InlineData("2026-11-21T14:00:05.5Z started", "2026-11-21T14:00:05.500Z")]
    [InlineData("[2026-11-21 14:00:05,123] started", "2026-11-21T14:00:05.123Z")]
    [InlineData("2026-11-21 14:00:05", "2026-11-21T14:00:05Z")]
    [InlineData("2026-11-21 14:00:05x", null)]
    [InlineData("started at 2026-11-21 14:00:05", null)]
    [InlineData("", null)]
    [InlineData("[", null)]
    [InlineData("\u0000\u00ff", null)]
    public void Text_is_its_own_message(string line, string? time)
    {
        var parsed = ParsedRecord.Parse(LineParsers.Create("text", false), line);
        Assert.True(parsed.Accepted);
        Assert.Equal(time ?? Timestamps.ToRfc3339(ParsedRecord.ReadTime), parsed.Time);
        Assert.Equal(line, parsed.Message);
        Assert.Empty(parsed.Fields);
        Assert.Equal(Timestamps.ToRfc3339(ParsedRecord.ReadTime), ParsedRecord.Parse(LineParsers.Create("text", true), line).Time);
    }

    [Fact]
    public void Every_name_makes_its_parser()
    {
        foreach (var name in LineParsers.Names)
        {
            var parser = LineParsers.Create(name, true);
            Assert.Equal(name, parser.Format);
            Assert.Equal(name, parser.Shape.Format);
            Assert.True(parser.ReplaceTimes);
            Assert.True(LineParsers.IsKnown(name));
            Assert.Equal(name is "clf" or "combined" ? InvalidLines.Report : InvalidLines.Keep, parser.DefaultInvalid);
        }

        Assert.Contains("combined, clf, json, logfmt, syslog, ", Assert.Throws<ArgumentException>(() => LineParsers.Create("xml", false)).Message, StringComparison.Ordinal);
    }
}
