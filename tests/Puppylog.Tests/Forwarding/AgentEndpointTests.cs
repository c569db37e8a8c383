using System.Net;
using System.Net.Http.Headers;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Forwarding;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Tests.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Forwarding;

public sealed class AgentEndpointTests : IAsyncLifetime
{
    readonly HttpClient _client = new();
    TestServer _server = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync("secret");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "health", null, HttpStatusCode.OK)]
    [InlineData("GET", "ready", null, HttpStatusCode.OK)]
    [InlineData("GET", "status", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "status", "Bearer other", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "status", "Bearer", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "status", "Bearer secret", HttpStatusCode.OK)]
    [InlineData("GET", "api/v1/agents/a1/positions", "bearer secret", HttpStatusCode.OK)]
    [InlineData("GET", "api/v1/agents/a1/positions", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "api/v1/agents/a%2Fb/positions", "Bearer secret", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/v1/agents/a.b/positions", "Bearer secret", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/v1/agents//positions", "Bearer secret", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/v1/agents/a1/batches", "Bearer secret", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "api/v1/agents/a1/batches", "Bearer secret", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("POST", "api/v1/agents/a1/batches", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "nothing", "Bearer secret", HttpStatusCode.NotFound)]
    public async Task Request_is_answered_so(string method, string path, string? authorization, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(_server.Url, path));
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (method == "POST")
        {
            request.Content = new StringContent("{}");
        }

        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Hostile_bodies_are_refused_and_the_server_lives()
    {
        using var encoder = new CommitEncoder(BlockCodec.Instance);
        using var commit = (await encoder.EncodeAsync(new([Batch("a", "b")], [Move(null, 10)], []))) with { RetryKey = "r" };
        byte[] good = [.. BatchMessage.Write(commit).SelectMany(piece => piece.ToArray())];
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, byte Value, int Cut)>(), change =>
        {
            var bytes = good.ToArray();
            bytes[Math.Abs(change.At % bytes.Length)] ^= (byte)(change.Value | 1);
            Assert.Equal(HttpStatusCode.BadRequest, Task.Run(() => PostAsync(bytes[..(bytes.Length - Math.Abs(change.Cut % 50))])).GetAwaiter().GetResult());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
        Assert.Empty(await LineSink.ReadAsync(_server.Store));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(good));
        Assert.Equal(["a", "b"], await LineSink.ReadAsync(_server.Store));
    }

    [Fact]
    public async Task Body_without_a_length_is_asked_for_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Url, "api/v1/agents/a1/batches")) { Content = new ByteArrayContent([1, 2, 3]) };
        request.Content.Headers.ContentType = new(BatchMessage.MediaType);
        request.Headers.Authorization = new("Bearer", "secret");
        request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.LengthRequired, response.StatusCode);
    }

    async Task<HttpStatusCode> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Url, "api/v1/agents/a1/batches")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(BatchMessage.MediaType);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
        using var response = await _client.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
