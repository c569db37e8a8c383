using System.Diagnostics;
using System.Globalization;
using System.Net;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>/metrics</c>: what Prometheus reads, and its own check of it.</summary>
public sealed class PrometheusApiTests(PublishedProgram program) : IAsyncLifetime
{
    readonly TestDirectory _directory = new();

    AgentServer _server = null!;
    ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        File.WriteAllText(_directory["a\"b.log"], "{\"level\":\"info\"}\n{\"level\n{\"level\":\"warn\"}\n");
        _server = new(program, _directory.Data, "-s", _directory["a\"b.log"], "--format", "json");
        await _server.StartAsync();
        _api = new(_server.Url);
        await Eventually.HoldsAsync(async () => (await ReadAsync()).GetValueOrDefault("puppylog_records_total") == 3, () => "the records are not counted");
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Records_lines_and_requests_are_counted()
    {
        await _api.GetAsync("/select/logsql/query?query=*");
        await _api.GetAsync("/select/logsql/query?query=(");
        await _api.GetAsync("/nowhere/1");
        await _api.GetAsync("/nowhere/2");
        await Eventually.HoldsAsync(async () => (await ReadAsync()).ContainsKey("puppylog_sources"), () => "the sources are not told");
        var metrics = await ReadAsync();
        Assert.Equal(3, metrics["puppylog_collected_lines_total"]);
        Assert.Equal(3, metrics["puppylog_store_records"]);
        Assert.Equal(1, metrics["puppylog_invalid_lines_total{reason=\"format_kept_as_text\"}"]);
        Assert.Equal(0, metrics[$"puppylog_source_lag_bytes{{source=\"{_directory["a\\\"b.log"]}\"}}"]);
        Assert.Equal(1, metrics["puppylog_http_requests_total{method=\"GET\",path=\"/select/logsql/query\",status=\"200\"}"]);
        Assert.Equal(1, metrics["puppylog_http_requests_total{method=\"GET\",path=\"/select/logsql/query\",status=\"400\"}"]);
        Assert.Equal(2, metrics["puppylog_http_requests_total{method=\"GET\",path=\"none\",status=\"404\"}"]);
        Assert.Equal(2, metrics["puppylog_query_duration_seconds_count{path=\"/select/logsql/query\"}"]);
        Assert.Equal(2, metrics["puppylog_query_duration_seconds_bucket{path=\"/select/logsql/query\",le=\"+Inf\"}"]);
        Assert.True(metrics["puppylog_commit_duration_seconds_count"] >= 1);
        Assert.Equal(0, metrics["puppylog_tails"]);
        using (var tail = await _api.OpenAsync("/api/v1/tail?query=*"))
        {
            Assert.Equal(1, (await ReadAsync())["puppylog_tails"]);
        }

        await Eventually.HoldsAsync(async () => (await ReadAsync())["puppylog_tails"] == 0, () => "a tail that has ended is still counted");
    }

    [Fact]
    public async Task Prometheus_own_check_finds_nothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/promtool"), "promtool is not there (Debian: prometheus)");
        await _api.GetAsync("/select/logsql/query?query=*");
        var (status, text) = await _api.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        using var check = Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await check.StandardInput.WriteAsync(text);
        check.StandardInput.Close();
        var said = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (check.ExitCode, said));
    }

    async Task<Dictionary<string, double>> ReadAsync() => (await _api.GetAsync("/metrics")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#')).ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
