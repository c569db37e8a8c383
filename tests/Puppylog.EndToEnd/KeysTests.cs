using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Who may what of a server: keys, their roles and streams; pages of other origins; what is written down of it.</summary>
public sealed class KeysTests(PublishedProgram program) : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    readonly HttpClient _client = new();
    AgentServer? _server;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    AgentServer Server => _server ??= new(program, _directory.Data);

    public async ValueTask InitializeAsync()
    {
        File.WriteAllBytes(_directory["a.log"], AccessLines.Lines(0, 30));
        File.WriteAllBytes(_directory["b.log"], AccessLines.Lines(100, 12));
        await program.CollectAsync(_directory.Data, _directory["a.log"]);
        await program.CollectAsync(_directory.Data, _directory["b.log"]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task Roles_may_what_they_are_for_and_nothing_else()
    {
        var (ingest, read, admin) = (await CreateAsync("shipper", "ingest"), await CreateAsync("anna", "read"), await CreateAsync("boss", "admin"));
        await Server.StartAsync();
        Assert.Equal([401, 403, 200, 200], await StatusesAsync("/select/logsql/query?query=*", null, ingest, read, admin));
        Assert.Equal([401, 403, 200, 200], await StatusesAsync("/status", null, ingest, read, admin));
        Assert.Equal([401, 200, 403, 200], await StatusesAsync("/api/v1/agents/a/positions", null, ingest, read, admin));
        Assert.Equal([401, 403, 403], await StatusesAsync(HttpMethod.Post, "/api/v1/no_such_thing", null, ingest, read));
        Assert.Equal([200, 200], await StatusesAsync("/health", null, "another"));
        Assert.Equal([401, 401], await StatusesAsync("/status", "puppylog_" + new string('0', 64), ""));
    }

    /// <summary>The framework makes other paths of these; what is answered is what was sent.</summary>
    [Theory]
    [InlineData("/logs/host/a/../../../x", 401)]
    [InlineData("/logs/%2Fvar/../../../x", 401)]
    [InlineData("http://127.0.0.1/logs/host/a/../../../x", 400)]
    [InlineData("/x/../logs/host/a", 401)]
    [InlineData("/./logs/host/a", 401)]
    [InlineData("//logs/host/a", 404)]
    [InlineData("/LOGS/host/a", 401)]
    [InlineData("/%6Cogs/host/a", 401)]
    [InlineData("/select/../select/logsql/query?query=*", 401)]
    public async Task No_way_of_writing_a_path_leads_past_the_gate(string target, int expected)
    {
        await CreateAsync("anna", "read");
        await Server.StartAsync();
        using var socket = new System.Net.Sockets.TcpClient("127.0.0.1", Server.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{Server.Port}\r\nConnection: close\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Cancellation);
        Assert.Equal($"HTTP/1.1 {expected}", answer[..Math.Min(12, answer.Length)]);
    }

    [Fact]
    public async Task Key_is_shown_once_and_kept_as_a_hash_only()
    {
        var key = await CreateAsync("anna", "read");
        Assert.Matches("^puppylog_[0-9a-f]{64}$", key);
        var listed = (await program.RunAsync("keys", "--data", _directory.Data, "-o", "json")).Expect(0).Text;
        Assert.Contains("\"anna\"", listed, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_directory.Data))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.DoesNotContain(key["puppylog_".Length..], await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }

        var again = await program.RunAsync("keys", "create", "anna", "--role", "read", "--data", _directory.Data);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("already", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_are_made_and_revoked_beside_the_server_count_within_a_second()
    {
        await Server.StartAsync();
        Assert.Equal([200], await StatusesAsync("/status", (string?)null));
        var key = await CreateAsync("anna", "read");
        var brief = await CreateAsync("guest", "read", "--expires", "2s");
        await Eventually.HoldsAsync(async () => (await StatusesAsync("/status", null, key, brief)) is [401, 200, 200], () => "the keys do not count");
        await Eventually.HoldsAsync(async () => (await StatusesAsync("/status", brief)) is [401], () => "the key does not expire");
        (await program.RunAsync("keys", "revoke", "anna", "--data", _directory.Data)).Expect(0);
        await Eventually.HoldsAsync(async () => (await StatusesAsync("/status", key)) is [401], () => "the key is not revoked");
    }

    [Fact]
    public async Task Key_for_some_streams_sees_nothing_of_the_others()
    {
        var key = await CreateAsync("anna", "read", "--streams", $"{{file_path=\"{_directory["b.log"]}\"}}");
        await Server.StartAsync();
        Assert.Equal("{\"n\":\"12\"}\n", await TextAsync("/select/logsql/query?query=*|stats+count()+n", key));
        Assert.Equal("{\"n\":\"12\"}\n", await TextAsync($"/select/logsql/query?query=*|stats+count()+n&extra_stream_filters={Uri.EscapeDataString("{file_path=~\".*\"}")}", key));
        Assert.Equal("{\"n\":\"0\"}\n", await TextAsync($"/select/logsql/query?query={Uri.EscapeDataString($"{{file_path=\"{_directory["a.log"]}\"}} or nothing | stats count() n")}", key));
        Assert.DoesNotContain("a.log", await TextAsync("/select/logsql/streams?query=*", key), StringComparison.Ordinal);
        Assert.DoesNotContain("a.log", await TextAsync("/select/logsql/facets?query=*&keep_const_fields=1", key), StringComparison.Ordinal);
        foreach (var path in new[] { "/status", "/api/v1/dashboard/streams", "/api/v1/dashboard/records" })
        {
            Assert.Equal([403], await StatusesAsync(path, key));
        }

        using var request = Request(HttpMethod.Get, "/api/v1/tail?query=*&since=2000-01-01", key);
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        for (var records = 0; records < 12;)
        {
            var line = await reader.ReadLineAsync(Cancellation);
            Assert.DoesNotContain("a.log", line, StringComparison.Ordinal);
            records += line!.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    [Fact]
    public async Task Logs_and_statistics_are_of_the_streams_of_the_key()
    {
        var (admin, shop, bank) = (await CreateAsync("boss", "admin"), await CreateAsync("anna", "read", "--streams", "{app=\"shop\"}"), await CreateAsync("bert", "read", "--streams", "{app=~\"bank|none\"}"));
        await Server.StartAsync();
        using (var request = Request(HttpMethod.Post, "/insert/jsonline?_stream_fields=app,file_path", admin))
        {
            request.Content = new StringContent("""
                {"_time":"2026-01-01T10:00:00Z","_msg":"one","app":"shop","file_path":"/s.log","customer_id":"c1","status":200,"duration":1}
                {"_time":"2026-01-01T10:00:01Z","_msg":"two","app":"bank","file_path":"/b.log","customer_id":"c1","status":500,"duration":3}
                {"_time":"2026-01-01T10:00:02Z","_msg":"three","app":"bank","file_path":"/b.log","customer_id":"c2","status":200,"duration":5}
                """);
            (await _client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
        }

        // Asked in turns, so that each finds what the others have left in the cache.
        string[] keys = [admin, shop, bank, shop, admin, bank];
        await RequestsAsync("/customers/c1/stats", 2, 1, 1, 1, 2, 1);
        await RequestsAsync("/customers/c2/stats", 1, null, 1, null, 1, 1);
        await RequestsAsync("/customers/customer/stats/all", 3, 1, 2, 1, 3, 2);
        await RequestsAsync("/stats/app/shop", 1, 1, null, 1, 1, null);
        await LinesAsync("/logs/customer_id/c1", 2, 1, 1, 1, 2, 1);
        await LinesAsync("/logs/customer_id/c2", 1, null, 1, null, 1, 1);
        await LinesAsync("/logs//b.log", 2, null, 2, null, 2, 2);
        await LinesAsync("/logs/%2Fs.log", 1, 1, null, 1, 1, null);
        Assert.Contains("tells of all", await TextAsync("/api/v1/sources", shop), StringComparison.Ordinal);
        Assert.Contains("/select/logsql/streams", await TextAsync("/logs//b.log", shop), StringComparison.Ordinal);

        using var following = Request(HttpMethod.Get, "/logs/customer_id/c1?follow=true", bank);
        using var answer = await _client.SendAsync(following, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Contains("two", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
        foreach (var app in new[] { "shop", "bank" })
        {
            using var request = Request(HttpMethod.Post, "/insert/jsonline?_stream_fields=app", admin);
            request.Content = new StringContent($"{{\"_msg\":\"new of {app}\",\"app\":\"{app}\",\"customer_id\":\"c1\"}}");
            (await _client.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
        }

        var next = "";
        while (next is "")
        {
            next = await reader.ReadLineAsync(Cancellation);
        }

        Assert.Contains("new of bank", next, StringComparison.Ordinal);

        async Task RequestsAsync(string path, params int?[] expected)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                var text = await TextAsync($"{path}?from_date=2026-01-01", keys[i]);
                Assert.Equal((path, i, expected[i]), (path, i, text.Contains("\"error\"", StringComparison.Ordinal) ? null : JsonDocument.Parse(text).RootElement.GetProperty("total_requests").GetInt32()));
            }
        }

        async Task LinesAsync(string path, params int?[] expected)
        {
            for (var i = 0; i < keys.Length; i++)
            {
                var root = JsonDocument.Parse(await TextAsync(path, keys[i])).RootElement;
                Assert.Equal((path, i, expected[i]), (path, i, root.ValueKind == JsonValueKind.Array ? root.GetArrayLength() : null));
            }
        }
    }

    [Fact]
    public async Task Password_of_basic_is_a_key_too()
    {
        var key = await CreateAsync("anna", "read");
        await Server.StartAsync();
        foreach (var (password, expected) in new[] { (key, HttpStatusCode.OK), ("other", HttpStatusCode.Unauthorized) })
        {
            using var request = Request(HttpMethod.Get, "/status", null);
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{password}")));
            using var answer = await _client.SendAsync(request, Cancellation);
            Assert.Equal(expected, answer.StatusCode);
        }

        using var odd = Request(HttpMethod.Get, "/status", null);
        odd.Headers.TryAddWithoutValidation("Authorization", "Basic %%%");
        using var refused = await _client.SendAsync(odd, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Pages_of_elsewhere_get_nothing()
    {
        await Server.StartAsync();
        Assert.Equal(403, await WithHeaderAsync(HttpMethod.Get, "Origin", "http://evil.example"));
        Assert.Equal(403, await WithHeaderAsync(HttpMethod.Post, "Origin", "null"));
        Assert.Equal(403, await WithHeaderAsync(HttpMethod.Post, "Sec-Fetch-Site", "cross-site"));
        Assert.Equal(403, await WithHeaderAsync(HttpMethod.Get, "Host", "evil.example"));
        Assert.Equal(200, await WithHeaderAsync(HttpMethod.Get, "Host", "localhost:1"));
        Assert.Equal(200, await WithHeaderAsync(HttpMethod.Get, "Origin", Server.Url));
    }

    [Fact]
    public async Task What_is_administered_is_written_down()
    {
        var (read, admin) = (await CreateAsync("anna", "read"), await CreateAsync("boss", "admin"));
        await Server.StartAsync();
        await StatusesAsync(HttpMethod.Post, "/api/v1/no_such_thing", read, admin);
        var lines = File.ReadAllLines(_directory["data/audit.log"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["keys create anna", "keys create boss", "POST /api/v1/no_such_thing", "POST /api/v1/no_such_thing"], lines.Select(line => line.GetProperty("action").GetString()));
        Assert.Equal((403, 404), (lines[2].GetProperty("status").GetInt32(), lines[3].GetProperty("status").GetInt32()));
        Assert.Equal("boss", lines[3].GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("'x y' has", "keys", "create", "x y", "--role", "read")]
    [InlineData("--role read", "keys", "create", "x", "--role", "admin", "--streams", "{a=\"b\"}")]
    [InlineData("stream selector", "keys", "create", "x", "--role", "read", "--streams", "error")]
    [InlineData("duration", "keys", "create", "x", "--role", "read", "--expires", "soon")]
    [InlineData("ingest", "keys", "create", "x", "--role", "chief")]
    [InlineData("there is no key 'x'", "keys", "revoke", "x")]
    public async Task Mistakes_are_told(string expected, params string[] arguments)
    {
        var result = await program.RunAsync([.. arguments, "--data", _directory.Data]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected.Replace("'x y' has", "not 'x y'", StringComparison.Ordinal), result.Errors, StringComparison.Ordinal);
    }

    async Task<string> CreateAsync(string name, string role, params string[] more) =>
        (await program.RunAsync(["keys", "create", name, "--role", role, "--data", _directory.Data, .. more])).Expect(0).Text.Trim();

    Task<List<int>> StatusesAsync(string path, params string?[] keys) => StatusesAsync(HttpMethod.Get, path, keys);

    async Task<List<int>> StatusesAsync(HttpMethod method, string path, params string?[] keys)
    {
        var statuses = new List<int>();
        foreach (var key in keys)
        {
            using var request = Request(method, path, key);
            using var answer = await _client.SendAsync(request, Cancellation);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    async Task<string> TextAsync(string path, string key)
    {
        using var request = Request(HttpMethod.Get, path, key);
        using var answer = await _client.SendAsync(request, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    async Task<int> WithHeaderAsync(HttpMethod method, string header, string value)
    {
        using var request = Request(method, "/status", null);
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await _client.SendAsync(request, Cancellation);
        return (int)answer.StatusCode == 405 ? 200 : (int)answer.StatusCode;
    }

    HttpRequestMessage Request(HttpMethod method, string path, string? key)
    {
        var request = new HttpRequestMessage(method, new Uri(Server.Url + path));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        return request;
    }
}
