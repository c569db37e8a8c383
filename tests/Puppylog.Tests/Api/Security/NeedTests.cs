using Puppylog.App.Api.Security;

namespace Puppylog.Tests.Api.Security;

public sealed class NeedTests
{
    [Theory]
    [InlineData("POST", "/insert/jsonline", "Ingest")]
    [InlineData("GET", "/insert/elasticsearch/", "Ingest")]
    [InlineData("POST", "/loki/api/v1/push", "Ingest")]
    [InlineData("POST", "/v1/logs", "Ingest")]
    [InlineData("GET", "/api/v1/agents/a/positions", "Ingest")]
    [InlineData("POST", "/api/v1/agents/a/batches", "Ingest")]
    [InlineData("GET", "/select/logsql/query", "Read narrowed")]
    [InlineData("POST", "/SELECT/logsql/query", "Read narrowed")]
    [InlineData("GET", "/api/v1/tail", "Read narrowed")]
    [InlineData("GET", "/api/v1/metrics", "Read")]
    [InlineData("HEAD", "/api/v1/metrics", "Read")]
    [InlineData("GET", "/api/v1/dashboard/records", "Read")]
    [InlineData("GET", "/logs//var/log/app.log", "Read narrowed")]
    [InlineData("GET", "/customers/7/stats", "Read narrowed")]
    [InlineData("GET", "/STATS/host/a", "Read narrowed")]
    [InlineData("GET", "/statsa", "")]
    [InlineData("POST", "/stats/host/a", "Admin")]
    [InlineData("GET", "/api/v1/streams", "Read")]
    [InlineData("GET", "/status", "Read")]
    [InlineData("GET", "/metrics", "Read")]
    [InlineData("POST", "/api/v1/metrics", "Admin")]
    [InlineData("DELETE", "/api/v1/alerts/a", "Admin")]
    [InlineData("POST", "/api/v1/reload", "Admin")]
    [InlineData("PUT", "/status", "Admin")]
    [InlineData("OPTIONS", "/api/v1/metrics", "Admin")]
    [InlineData("POST", "/api/v1/metrics/preview", "Read")]
    [InlineData("GET", "/health", "")]
    [InlineData("GET", "/ready", "")]
    [InlineData("GET", "/", "")]
    [InlineData("GET", "/assets/index.js", "")]
    [InlineData("GET", "/apia", "")]
    public void Paths_ask_for_roles(string method, string path, string expected)
    {
        var need = Need.Of(method, path);
        Assert.Equal(expected, $"{need.Role}{(need.ShowsStreams ? " narrowed" : "")}");
    }
}
