using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Puppylog.App.Api;
using Puppylog.Forwarding;

namespace Puppylog.App.Watch;

/// <summary>The way of a dashboard to a server. What goes wrong is an <see cref="IOException"/> whose message is for people.</summary>
sealed class DashboardLink : IDisposable
{
    /// <summary>The one field of the line that says of which commit the next records are; 0 where it only shows that the server lives.</summary>
    public const string CommitField = "_commit";

    /// <summary>How long an answer may take.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Uri _server;
    readonly HttpClient _client;
    readonly ServerCertificate _certificate;

    /// <param name="server">Where the server is; a path before <c>/api</c> is kept.</param>
    /// <param name="token">What it asks for; null: nothing.</param>
    /// <param name="authority">Who vouches for its certificate; null: the system's roots.</param>
    public DashboardLink(Uri server, string? token, X509Certificate2Collection? authority, TimeProvider clock)
    {
        _server = server;
        _certificate = new ServerCertificate(server, authority, clock);
        var handler = ServerLink.Handler(_certificate);
        handler.MaxConnectionsPerServer = 4;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("puppylog", null));
        _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }

    public static byte[] Mark(long commit) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"{CommitField}\":{commit}}}\n"));

    /// <exception cref="IOException">It cannot be had; the message says why.</exception>
    public async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await OpenAsync(path, cancellationToken);
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(body, type) ?? throw new IOException($"{_server} answers with nothing");
        }
        catch (JsonException)
        {
            throw new IOException($"{_server} does not answer as this version of puppylog does");
        }
    }

    /// <summary>The answer as it begins; its body may go on for ever.</summary>
    /// <exception cref="IOException">There is none; the message says why.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        HttpResponseMessage response;
        try
        {
            response = await _client.GetAsync(new Uri(_server.GetLeftPart(UriPartial.Path).TrimEnd('/') + DashboardEndpoints.Root + path), HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"the server {_server} does not answer");
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"the server {_server} cannot be reached ({_certificate.Take() ?? e.InnerException?.Message ?? e.Message})", e);
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();

    async Task<IOException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var said = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "the token is missing or another one: name it with --token-file FILE",
            HttpStatusCode.NotFound => "it knows no dashboards: it may be an older puppylog, or something else",
            _ => null,
        };
        if (said is null)
        {
            try
            {
                said = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), ForwardingJson.Default.Refusal)?.Error;
            }
            catch (Exception e) when (e is JsonException or HttpRequestException)
            {
            }
        }

        var sentence = $"the server {_server} refuses ({(int)response.StatusCode}: {said ?? response.ReasonPhrase})";
        return response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound ? new RefusedException(sentence) : new IOException(sentence);
    }
}
