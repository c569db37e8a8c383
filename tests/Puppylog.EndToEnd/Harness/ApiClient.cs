using System.Net;
using System.Text;
using System.Text.Json;

namespace Puppylog.EndToEnd.Harness;

/// <summary>Asks a server, and knows its answers as JSON.</summary>
sealed class ApiClient(string url) : IDisposable
{
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(60) };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    public Task<(HttpStatusCode Status, string Body)> GetAsync(string path) => SendAsync("GET", path, null);

    public Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string body) => SendAsync("POST", path, body);

    public Task<(HttpStatusCode Status, string Body)> DeleteAsync(string path) => SendAsync("DELETE", path, null);

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string method, string path, string? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url + path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await _http.SendAsync(request, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<JsonElement> JsonAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) => Parse(await GetAsync(path), expected);

    public async Task<JsonElement> PostedAsync(string path, string body, HttpStatusCode expected) => Parse(await PostAsync(path, body), expected);

    /// <summary>The members of a list in an answer, as they were sent.</summary>
    public async Task<string[]> ListAsync(string path, string list) => [.. (await JsonAsync(path)).GetProperty(list).EnumerateArray().Select(item => item.GetRawText())];

    public Task<Stream> OpenAsync(string path) => _http.GetStreamAsync(new Uri(url + path), Cancellation);

    public static JsonElement Parse((HttpStatusCode Status, string Body) answer, HttpStatusCode expected)
    {
        Assert.True(answer.Status == expected, $"{(int)answer.Status}, not {(int)expected}: {answer.Body}");
        return JsonDocument.Parse(answer.Body).RootElement;
    }
}
