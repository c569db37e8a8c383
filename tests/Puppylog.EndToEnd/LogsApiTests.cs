using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>/logs/…</c>, <c>/customers/…</c> and <c>/stats/…</c> on generated API requests: the same as <c>search</c> says.</summary>
public sealed class LogsApiTests : IClassFixture<RequestLog>, IAsyncLifetime
{
    readonly PublishedProgram _program;
    readonly RequestLog _log;
    readonly AgentServer _server;
    readonly ApiClient _api;

    public LogsApiTests(PublishedProgram program, RequestLog log)
    {
        (_program, _log) = (program, log);
        _server = new(program, log.Data);
        _api = new(_server.Url);
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task File_gives_its_newest_lines_in_their_order()
    {
        var lines = File.ReadAllLines(_log.Source)[^250..];
        Assert.Equal(lines[^100..], await LinesAsync($"/logs/{_log.Source}"));
        Assert.Equal(lines, await LinesAsync($"/logs/{_log.Source}?limit=250"));
        Assert.Equal(lines[^3..], await LinesAsync($"/logs/{_log.Source.Replace("/", "%2F", StringComparison.Ordinal)}?limit=3"));
    }

    [Fact]
    public async Task Field_gives_the_newest_lines_that_search_gives()
    {
        var expected = (await SearchAsync("customer_id:=cust_3", "-n", "7", "-o", "raw")).Lines;
        Assert.Equal(expected, await LinesAsync("/logs/customer_id/cust_3?limit=7"));
        Assert.Equal((await SearchAsync("path:=/api/v1/resource2", "-n", "2", "-o", "raw")).Lines, await LinesAsync("/logs/path//api/v1/resource2?limit=2"));
    }

    [Theory]
    [InlineData("/logs/customer_id/nobody", 404, "no record has the customer_id 'nobody'")]
    [InlineData("/logs//not/there.log", 404, "no record is of the file '/not/there.log'")]
    [InlineData("/logs//not/there.log?follow=true", 404, "no record is of the file '/not/there.log'")]
    [InlineData("/logs/customer_id", 400, "name a field and its value")]
    [InlineData("/logs/", 400, "name a field and its value")]
    [InlineData("/logs/a/b?limit=0", 400, "limit takes a number")]
    [InlineData("/logs/a/b?limit=many", 400, "limit takes a number")]
    [InlineData("/logs/a/b?follow=maybe", 400, "follow takes 1 or 0")]
    [InlineData("/customers/nobody/stats?from_date=2026-01-01", 404, "there is no customer 'nobody'")]
    [InlineData("/customers/no%2Fbody/stats?from_date=2026-01-01", 404, "there is no customer 'no/body'")]
    [InlineData("/stats/path/%2Fno%252Fwhere?from_date=2026-01-01", 404, "there are no requests with the path '/no%2Fwhere'")]
    [InlineData("/stats/path//nowhere?from_date=2026-01-01", 404, "there are no requests with the path '/nowhere'")]
    [InlineData("/customers/cust_1/stats", 422, "from_date is missing")]
    [InlineData("/customers/cust_1/stats?from_date=2026-02-30", 422, "from_date takes a date")]
    [InlineData("/customers/cust_1/stats?from_date=01.02.2026", 422, "from_date takes a date")]
    [InlineData("/customers/cust_1/stats?from_date=9999-12-31", 422, "has not come yet")]
    [InlineData("/customers/customer/stats/all?from_date=today", 422, "from_date takes a date")]
    [InlineData("/stats/colour/red?from_date=2026-01-01", 404, "there are no requests with the colour 'red'")]
    public async Task Mistakes_are_told(string path, int status, string expected)
    {
        var refusal = await _api.JsonAsync(path, (HttpStatusCode)status);
        Assert.Contains(expected, refusal.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followed_log_goes_on_with_what_comes()
    {
        using var directory = new TestDirectory();
        var file = directory["app.log"];
        await using var server = new AgentServer(_program, directory.Data, "-s", file, "--format", "text");
        using var api = new ApiClient(server.Url);
        File.WriteAllText(file, "one\ntwo\n\"three\"\n");
        await server.StartAsync();
        await Eventually.HoldsAsync(async () => (await api.GetAsync($"/logs/{file}")).Body.Contains("three", StringComparison.Ordinal), () => "the lines were not stored");
        using var reader = new StreamReader(await api.OpenAsync($"/logs/{file}?follow=true&limit=2"));
        Assert.Equal("\"two\"", await LineAsync(reader));
        Assert.Equal("\"\\\"three\\\"\"", await LineAsync(reader));
        for (var i = 0; i < 20; i++)
        {
            File.AppendAllText(file, $"more {i}\n");
            Assert.Equal($"\"more {i}\"", await LineAsync(reader));
        }
    }

    [Theory]
    [InlineData("/customers/cust_1/stats", "customer_id:=cust_1", "2026-01-01", 3)]
    [InlineData("/customers/cust_1/stats", "customer_id:=cust_1", "2026-01-02", 2)]
    [InlineData("/customers/cust_5/stats", "customer_id:=cust_5", "2026-01-03", 1)]
    [InlineData("/customers/cust_5/stats", "customer_id:=cust_5", "1999-01-01", 3)]
    [InlineData("/customers/customer/stats/all", "customer_id:*", "2026-01-01", 3)]
    [InlineData("/stats/path//api/v1/resource1", "path:=/api/v1/resource1", "2026-01-02", 2)]
    public async Task Stats_are_those_of_search(string path, string filter, string from, int days)
    {
        // The second answer comes out of the cache.
        for (var round = 0; round < 2; round++)
        {
            var stats = await _api.JsonAsync($"{path}?from_date={from}");
            await SameAsync(stats, $"{filter} _time:>={from}");
            Assert.Equal(days, stats.GetProperty("days").GetArrayLength());
            foreach (var day in stats.GetProperty("days").EnumerateArray())
            {
                await SameAsync(day, $"{filter} _time:{day.GetProperty("date").GetString()}");
            }
        }
    }

    [Fact]
    public async Task Known_customer_without_requests_since_then_has_none()
    {
        var stats = await _api.JsonAsync("/customers/cust_1/stats?from_date=2026-03-01");
        Assert.Equal(0, stats.GetProperty("total_requests").GetInt64());
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("uptime").ValueKind);
        Assert.Equal(0, stats.GetProperty("days").GetArrayLength());
    }

    [Fact]
    public async Task New_and_late_records_are_in_the_next_answer()
    {
        using var directory = new TestDirectory();
        var file = directory["requests.log"];
        File.WriteAllText(file, "2026-01-02 10:00:00 c /a 200 0.5\n2026-01-03 10:00:00 c /a 200 0.1\n");
        await using var server = new AgentServer(_program, directory.Data, "-s", file, "--format", "api_requests");
        using var api = new ApiClient(server.Url);
        await server.StartAsync();
        await TotalAsync(2, 0);
        File.AppendAllText(file, "2026-01-03 11:00:00 c /a 503 0.9\n");
        await TotalAsync(3, 1);
        File.AppendAllText(file, "2026-01-02 09:00:00 c /a 404 0.7\n2025-12-31 09:00:00 c /a 500 0.7\n");
        await TotalAsync(4, 2);

        async Task TotalAsync(int total, int failed) => await Eventually.HoldsAsync(
            async () => await api.GetAsync("/customers/c/stats?from_date=2026-01-01") is (HttpStatusCode.OK, var body)
                && JsonDocument.Parse(body).RootElement is var stats && stats.GetProperty("total_requests").GetInt64() == total && stats.GetProperty("failed_requests").GetInt64() == failed,
            () => $"there are not {total} requests, {failed} of them failed");
    }

    [Fact]
    public async Task Random_addresses_are_answered_or_refused()
    {
        var random = new Random(7);
        string[] parts = ["logs", "stats", "customers", "customer", "all", "", "customer_id", "cust_1", "_time", "_stream", "_raw", "_line.time", "%2F", "%00", "%ff", "%", "..", ".", "*", "\"", "\\", "'", "{", "a:b", "%F0%9F%92%A5", "status", "200", "+", ";", "%20"];
        string[] arguments = ["from_date=2026-01-01", "from_date=0001-01-01", "from_date=", "limit=3", "limit=99999999999999999999", "follow=0", "limit=-1", "from_date=%00", "&&", "="];
        for (var i = 0; i < 600; i++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => "/" + parts[random.Next(parts.Length)]));
            var status = await RawAsync($"{path}?{string.Join('&', Enumerable.Range(0, random.Next(3)).Select(_ => arguments[random.Next(arguments.Length)]))}");
            Assert.True(status is >= 200 and < 500, $"{status}: {path}");
        }
    }

    /// <summary>The address goes out as it is: a client of the framework would tidy it up.</summary>
    async Task<int> RawAsync(string target)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _server.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        return int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    async Task SameAsync(JsonElement stats, string query)
    {
        var text = (await SearchAsync($"{query} status:* | stats count() n, avg(duration) a, median(duration) m, quantile(0.99, duration) q", "-o", "json")).Text;
        var expected = JsonDocument.Parse(text).RootElement;
        var good = JsonDocument.Parse((await SearchAsync($"{query} status:>=200 status:<400 | stats count() n", "-o", "json")).Text).RootElement;
        var (total, successful) = (Number(expected, "n"), Number(good, "n"));
        Assert.Equal(total, stats.GetProperty("total_requests").GetDouble());
        Assert.Equal(successful, stats.GetProperty("successful_requests").GetDouble());
        Assert.Equal(total - successful, stats.GetProperty("failed_requests").GetDouble());
        Assert.Equal(100 * successful / total, stats.GetProperty("uptime").GetDouble(), 4);
        Assert.Equal(Number(expected, "a"), stats.GetProperty("average_latency").GetDouble(), 0.000_000_6);
        Assert.Equal(Number(expected, "m"), stats.GetProperty("median_latency").GetDouble());
        Assert.Equal(Number(expected, "q"), stats.GetProperty("p99_latency").GetDouble());
    }

    static double Number(JsonElement row, string name) => double.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    static async Task<string?> LineAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Patience) is { } line)
        {
            if (line.Length > 0)
            {
                return line;
            }
        }

        return null;
    }

    async Task<string[]> LinesAsync(string path) => [.. (await _api.JsonAsync(path)).EnumerateArray().Select(line => line.GetString()!)];

    Task<ProgramResult> SearchAsync(string query, params string[] more) => _program.RunAsync(["search", query, "--data", _log.Data, .. more]);
}
