using System.Net;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>What the configuration says of what queries and bodies may take.</summary>
public sealed class ServerLimitsTests : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    readonly AgentServer _server;
    ApiClient? _client;

    public ServerLimitsTests(PublishedProgram program) => _server = new(program, _directory.Data, "--config", _directory["puppylog.yaml"]);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    ApiClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        File.WriteAllText(_directory["puppylog.yaml"], "server: {max_queries: 1, query_memory: 16MiB, max_body: 30MiB}\n");
        await _server.StartAsync();
        _client = new(_server.Url);
        var body = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
        {
            body.Append($"{{\"n\":{i},\"_msg\":\"{new string((char)('a' + (i % 26)), 200)}\"}}\n");
        }

        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync("/insert/jsonline", body.ToString())).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Bodies_and_memory_of_queries_are_those_of_the_configuration()
    {
        var tooLong = await Client.PostAsync("/insert/jsonline", new string(' ', (30 << 20) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.Status);
        Assert.Contains("longer than 31457280 bytes", tooLong.Body, StringComparison.Ordinal);
        var tooMuch = await Client.GetAsync("/select/logsql/query?query=" + Uri.EscapeDataString("* | stats by (n, _msg) count() c"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooMuch.Status);
        Assert.Contains("query_memory under server:", tooMuch.Body, StringComparison.Ordinal);
    }

    /// <summary>A client that does not read keeps its turn: its query is not at its end.</summary>
    [Fact]
    public async Task Query_beyond_those_that_run_is_told_when_to_come_again_and_what_is_brief_goes_on()
    {
        using (var slow = await Client.OpenAsync("/select/logsql/query?query=*"))
        {
            Assert.NotEqual(-1, slow.ReadByte());
            var paths = new[] { "/select/logsql/hits?query=*&step=1d", "/logs/n/7", "/stats/n/7?from_date=2026-01-01", "/api/v1/streams" };
            var refused = await Task.WhenAll(paths.Select(Client.GetAsync));
            Assert.All(refused, answer => Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.Status, answer.Body.Contains("1 queries are running", StringComparison.Ordinal))));
            foreach (var path in new[] { "/metrics", "/status", "/api/v1/alerts", "/api/v1/sources" })
            {
                Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync(path)).Status);
            }
        }

        await Eventually.HoldsAsync(async () => (await Client.GetAsync("/logs/n/7")).Status == HttpStatusCode.OK, () => "the turn of who has gone is not given back");
    }
}
