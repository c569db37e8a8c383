using System.Text;
using Puppylog.Records;

namespace Puppylog.Tests.Records;

public sealed class TimestampsTests
{
    [Theory]
    [InlineData("10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z")]
    [InlineData("29/Feb/2024:23:59:59 +1345", "2024-02-29T10:14:59Z")]
    [InlineData("01/Jan/1970:00:00:00 +0000", "1970-01-01T00:00:00Z")]
    [InlineData("01/Jan/1969:00:00:00 -0000", "1969-01-01T00:00:00Z")]
    public void Clf_time_is_read_and_written_back(string text, string expected)
    {
        Assert.True(Timestamps.TryParseClf(Encoding.ASCII.GetBytes(text), out var time));
        Assert.Equal(expected, Timestamps.ToRfc3339(time));
        var written = new byte[Timestamps.ClfLength];
        Assert.Equal(26, Timestamps.FormatClf(time, Encoding.ASCII.GetBytes(text[21..]), written));
        Assert.Equal(text, Encoding.ASCII.GetString(written));
    }

    [Theory]
    [InlineData("30/Feb/2024:23:59:59 +0000")]
    [InlineData("10/oct/2000:13:55:36 -0700")]
    [InlineData("10/Oct/2000:24:55:36 -0700")]
    [InlineData("10/Oct/2000:13:55:36 -07:0")]
    [InlineData("10/Oct/0000:13:55:36 -0700")]
    [InlineData("10/Oct/9999:13:55:36 -0700")]
    [InlineData("")]
    public void Clf_time_that_is_none_is_refused(string text) =>
        Assert.False(Timestamps.TryParseClf(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("2026-11-21T14:00:05.123Z", "2026-11-21T14:00:05.123Z", 24)]
    [InlineData("2026-11-21 14:00:05,123456 x", "2026-11-21T14:00:05.123456Z", 26)]
    [InlineData("2026-11-21T14:00:05+01:00", "2026-11-21T13:00:05Z", 25)]
    [InlineData("2026-11-21T14:00:05.1234567891234Z", "2026-11-21T14:00:05.123456789Z", 34)]
    [InlineData("2026-11-21 14:00", "2026-11-21T14:00:00Z", 16)]
    public void Iso_time_is_read(string text, string expected, int length)
    {
        Assert.True(Timestamps.TryParseIso(Encoding.ASCII.GetBytes(text), out var time, out var taken));
        Assert.Equal(expected, Timestamps.ToRfc3339(time));
        Assert.Equal(length, taken);
    }

    [Fact]
    public void Calendar_agrees_with_the_frameworks()
    {
        for (var day = -200_000; day < 100_000; day += 17)
        {
            var date = DateOnly.FromDayNumber(719_162 + day);
            Assert.Equal(day, Timestamps.DaysFromCivil(date.Year, date.Month, date.Day));
            Assert.Equal((date.Year, date.Month, date.Day), Timestamps.CivilFromDays(day));
        }
    }
}
