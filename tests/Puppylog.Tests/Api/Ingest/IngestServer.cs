using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Puppylog.Processing.Options;
using Puppylog.Tests.Forwarding;

namespace Puppylog.Tests.Api.Ingest;

/// <summary>A server that records are sent to and asked for.</summary>
sealed class IngestServer : IAsyncDisposable
{
    readonly HttpClient _client = new();

    public required TestServer Server { get; init; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<IngestServer> StartAsync(params ProcessorOptions[] processors) => new() { Server = await TestServer.StartAsync(processors: processors) };

    public Task<(HttpStatusCode Status, string Answer)> PostAsync(string path, string body, string? type = null, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), type, headers);

    public async Task<(HttpStatusCode Status, string Answer)> PostAsync(string path, byte[] body, string? type = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(path, body, type, headers);
        return (answer.StatusCode, Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
    }

    public async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string? type = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, path)) { Content = new ByteArrayContent(body) };
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await _client.SendAsync(request, Cancellation);
    }

    public Task<string> GetAsync(string path) => _client.GetStringAsync(new Uri(Server.Url, path), Cancellation);

    public async Task<string> QueryAsync(string query, string more = "") =>
        (await GetAsync($"/select/logsql/query?query={Uri.EscapeDataString(query)}{more}")).TrimEnd('\n');

    public async Task<long> CountAsync(string query = "*") =>
        long.Parse((await QueryAsync($"{query} | stats count() n")).Split('"')[3], System.Globalization.CultureInfo.InvariantCulture);

    public async Task<(HttpStatusCode Status, string Answer)> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.Url, path));
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(MediaTypeHeaderValue.Parse("application/json"), answer.Content.Headers.ContentType);
        Assert.Equal("Elasticsearch", Assert.Single(answer.Headers.GetValues("X-Elastic-Product")));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Server.DisposeAsync();
    }
}
