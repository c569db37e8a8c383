using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Forwarding;

/// <summary>One request at a time to the server; every way in which it can end is an answer.</summary>
sealed class ServerLink : IDisposable
{
    const string HostHeader = "Puppylog-Host";
    const int LongestError = 300;

    readonly ServerOptions _options;
    readonly TimeProvider _clock;
    readonly HttpClient _client;
    readonly ServerCertificate? _certificate;
    readonly Uri _agent;

    /// <param name="certificate">What the handler asks about the server's certificate; null where it asks nobody.</param>
    public ServerLink(ServerOptions options, HttpMessageHandler handler, TimeProvider clock, ServerCertificate? certificate = null)
    {
        _certificate = certificate;
        _options = options;
        _clock = clock;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("puppylog", null));
        _client.DefaultRequestHeaders.Add(HostHeader, Uri.EscapeDataString(options.HostName));
        if (options.Token is { } token)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        _agent = new Uri($"{options.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/api/v1/agents/{options.Agent}/");
    }

    public static SocketsHttpHandler Handler(ServerCertificate? certificate) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 2,
        SslOptions = certificate?.Options() ?? new(),
    };

    public Task<ServerAnswer<KnownPositions>> ReadPositionsAsync(CancellationToken cancellationToken) =>
        AskAsync(_ => new HttpRequestMessage(HttpMethod.Get, new Uri(_agent, "positions")), ForwardingJson.Default.KnownPositions, cancellationToken);

    public Task<ServerAnswer<BatchReceipt>> SendAsync(EncodedCommit commit, CancellationToken cancellationToken) => AskAsync(
        progress =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_agent, "batches")) { Content = new BatchContent(BatchMessage.Write(commit), progress) };
            request.Headers.Add("Idempotency-Key", commit.RetryKey);
            return request;
        },
        ForwardingJson.Default.BatchReceipt,
        cancellationToken);

    public void Dispose() => _client.Dispose();

    /// <exception cref="OperationCanceledException">Cancelled by the caller; anything else is in the answer.</exception>
    async Task<ServerAnswer<T>> AskAsync<T>(Func<Action, HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var silence = new CancellationTokenSource(_options.Silence, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using var request = create(() => silence.CancelAfter(_options.Silence));
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            silence.CancelAfter(_options.Silence);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? new(JsonSerializer.Deserialize(body, type) ?? throw new JsonException(), null)
                : Refused<T>(response, body);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"the server {_options.Url} does not answer; what is not sent waits");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, $"the server {_options.Url} cannot be reached ({Reason(e)}); what is not sent waits");
        }
        catch (JsonException)
        {
            return new(null, $"{_options.Url} does not answer as a puppylog server does; what is not sent waits") { IsRefused = true };
        }
    }

    ServerAnswer<T> Refused<T>(HttpResponseMessage response, byte[] body)
    {
        var retry = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
        var said = Read(body) ?? new Refusal(response.ReasonPhrase ?? "");
        var error = said.Error.Length > LongestError ? said.Error[..LongestError] : said.Error;
        return response.StatusCode switch
        {
            HttpStatusCode.Conflict => new(default, error) { Conflict = said },
            HttpStatusCode.RequestEntityTooLarge => new(
                default,
                $"the server {_options.Url}, or a proxy before it, takes no request as long as this batch (413: {error}); it is kept and sent again: raise that limit, or send less at a time (--batch-size)")
            { IsRefused = true },
            HttpStatusCode.TooManyRequests => new(default, $"the server {_options.Url} has too much to do; what is not sent waits") { RetryAfter = retry },
            >= HttpStatusCode.InternalServerError =>
                new(default, $"the server {_options.Url} cannot store at the moment ({error}); what is not sent waits") { RetryAfter = retry },
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new(default, $"the server {_options.Url} refuses this agent ({error}); what is not sent waits") { IsRefused = true },
            _ => new(default, $"the server {_options.Url} refuses what it is sent ({(int)response.StatusCode}: {error}); it is kept and sent again") { IsRefused = true },
        };
    }

    static Refusal? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ForwardingJson.Default.Refusal) is { Error: not null } refusal ? refusal : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    string Reason(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => _certificate?.Take() ?? SecureReason(e.InnerException ?? e),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } when IsPlain => "it ends the connection without an answer; if it speaks TLS there, the address begins with https",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
        HttpRequestException { InnerException: SocketException socket } => socket.Message,
        _ => e.InnerException?.Message ?? e.Message,
    };

    bool IsPlain => _options.Url.Scheme == Uri.UriSchemeHttp;

    static string SecureReason(Exception e) => e is AuthenticationException { InnerException: null }
        ? "it does not speak TLS there; without TLS the address begins with http"
        : $"TLS fails: {e.InnerException?.Message ?? e.Message}";
}
