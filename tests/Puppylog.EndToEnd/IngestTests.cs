using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Records that are sent to a server: what it answered is there, whatever happens to it.</summary>
public sealed class IngestTests : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    readonly AgentServer _server;
    readonly HttpClient _client = new();

    public IngestTests(PublishedProgram program) => _server = new(program, _directory.Data);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_kill_and_what_is_sent_again_is_stored_once()
    {
        const int Senders = 4;
        const int Each = 60;
        var answered = new ConcurrentDictionary<string, int>();
        var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    // Sent again until it is answered, as shippers do.
                    var key = string.Create(CultureInfo.InvariantCulture, $"s{sender}-{i}");
                    while (!await TrySendAsync(key))
                    {
                        await Task.Delay(20, Cancellation);
                    }

                    answered[key] = 1;
                }
            },
            Cancellation)).ToList();
        for (var kill = 0; kill < 3; kill++)
        {
            var before = answered.Count;
            await Eventually.HoldsAsync(() => answered.Count >= Math.Min(before + 30, (Senders * Each) - 10), () => $"{answered.Count} are answered");
            var sure = answered.Keys.ToList();
            await _server.KillAsync();
            await _server.StartAsync();
            var there = (await LinesAsync("* | uniq by (key)")).Select(line => line.Split('"')[3]).ToHashSet(StringComparer.Ordinal);
            Assert.DoesNotContain(sure, key => !there.Contains(key));
        }

        await Task.WhenAll(senders);
        Assert.Equal([$$"""{"n":"{{Senders * Each * 2}}"}"""], await LinesAsync("* | stats count() n"));
        Assert.Equal([$$"""{"n":"{{Senders * Each}}"}"""], await LinesAsync("* | stats count_uniq(key) n"));
    }

    [Fact]
    public async Task Body_of_the_longest_kind_is_stored_or_said_to_be_too_long()
    {
        var lines = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{{\"n\":{i},\"_msg\":\"{new string('x', 200)}\"}}\n"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/insert/jsonline", Encoding.UTF8.GetBytes(lines), null)).StatusCode);
        Assert.Equal(["""{"n":"200000"}"""], await LinesAsync("* | stats count() n"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/insert/jsonline", new byte[(64 << 20) + 1], null)).StatusCode);
    }

    async Task<bool> TrySendAsync(string key)
    {
        try
        {
            using var answer = await PostAsync("/insert/jsonline", Encoding.UTF8.GetBytes($"{{\"key\":\"{key}\",\"n\":1}}\n{{\"key\":\"{key}\",\"n\":2}}\n"), key);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Url + path)) { Content = new ByteArrayContent(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    async Task<string[]> LinesAsync(string query) =>
        (await _client.GetStringAsync(new Uri($"{_server.Url}/select/logsql/query?query={Uri.EscapeDataString(query)}"), Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
