using System.Text;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Api;
using Puppylog.App.Api.Select;
using Puppylog.Records;

namespace Puppylog.Tests.Api.Select;

public sealed class RequestArgumentsTests
{
    /// <summary>2026-11-22T10:00:00Z.</summary>
    const long Now = 1_795_341_600_000_000_000;

    [Theory]
    [InlineData("2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z")]
    [InlineData("2026-11-22T09:00:00.5+01:00", "2026-11-22T08:00:00.500Z")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00Z")]
    [InlineData("2026-11", "2026-11-01T00:00:00Z")]
    [InlineData("2026", "2026-01-01T00:00:00Z")]
    [InlineData("1795341600", "2026-11-22T10:00:00Z")]
    [InlineData("1795341600.25", "2026-11-22T10:00:00.250Z")]
    [InlineData("1795341600123", "2026-11-22T10:00:00.123Z")]
    [InlineData("1795341600123456", "2026-11-22T10:00:00.123456Z")]
    [InlineData("1795341600123456789", "2026-11-22T10:00:00.123456789Z")]
    [InlineData("now", "2026-11-22T10:00:00Z")]
    [InlineData("now-1h30m", "2026-11-22T08:30:00Z")]
    [InlineData("5m", "2026-11-22T09:55:00Z")]
    [InlineData("-5m", "2026-11-22T09:55:00Z")]
    [InlineData("1d", "2026-11-21T10:00:00Z")]
    public async Task Time_is_read_in_every_form_that_is_documented(string text, string expected) =>
        Assert.Equal(expected, Timestamps.ToRfc3339((await ReadAsync($"?start={Uri.EscapeDataString(text)}")).Time("start", Now)!.Value));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-13-01")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999")]
    [InlineData("5")]
    [InlineData("-")]
    public async Task What_is_no_time_is_told(string text)
    {
        var arguments = await ReadAsync($"?start={Uri.EscapeDataString(text)}");
        Assert.Contains($"not '{text}'", Assert.Throws<RequestException>(() => arguments.Time("start", Now)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30s", 30.0)]
    [InlineData("1.5m", 90.0)]
    [InlineData("4.2", 4.2)]
    [InlineData("10", 10.0)]
    public async Task Duration_is_in_seconds_where_no_unit_stands(string text, double seconds) =>
        Assert.Equal((long)(seconds * 1e9), (await ReadAsync($"?timeout={text}")).Duration("timeout"));

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("limit=99999999999999999999")]
    public async Task What_is_no_count_is_told(string query) =>
        Assert.Throws<RequestException>(() => ReadAsync($"?{query}").Result.Count("limit"));

    [Fact]
    public async Task Address_goes_before_the_form_and_lists_are_whole()
    {
        var arguments = await ReadAsync("?query=a&field=x&field=y", "query=b&limit=3&field=z");
        Assert.Equal("a", arguments.Text("query"));
        Assert.Equal(3, arguments.Count("limit"));
        Assert.Equal(["x", "y"], arguments.Texts("field"));
        Assert.Null(arguments.Text("start"));
    }

    [Fact]
    public async Task Form_that_is_too_long_is_refused() =>
        await Assert.ThrowsAsync<RequestException>(() => ReadAsync("", "query=" + new string('a', 5 << 20)));

    static async Task<RequestArguments> ReadAsync(string query, string? form = null)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new(query);
        if (form is not null)
        {
            context.Request.ContentType = "application/x-www-form-urlencoded";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(form));
        }

        return await RequestArguments.ReadAsync(context);
    }
}
