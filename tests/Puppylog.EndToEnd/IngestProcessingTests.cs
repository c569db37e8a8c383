using System.Net;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>What <c>processing</c> of the configuration says holds for what comes over HTTP as well.</summary>
public sealed class IngestProcessingTests : IAsyncLifetime
{
    const string Redact = "processing:\n  - redact: {detectors: [email, card, bearer, secret], patterns: ['session-\\w+', '^whole-\\d+$']}\n";

    /// <summary>Parts of what must not be stored; each request has all of them, in places of its own.</summary>
    static readonly string[] Secrets = ["anna.meyer@", "anna.meyer%40", "example.com", "4111111111111111", "4111 1111", "hunter2", "tok3n", "session-abc", "whole-42"];

    readonly TestDirectory _directory = new();
    readonly PublishedProgram _program;
    readonly AgentServer _server;
    ApiClient? _client;

    public IngestProcessingTests(PublishedProgram program)
    {
        _program = program;
        _server = new(program, _directory.Data, "--config", Configuration);
    }

    string Configuration => _directory["puppylog.yaml"];

    ApiClient Client => _client ??= new(_server.Url);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    async Task StartAsync(string processing)
    {
        File.WriteAllText(Configuration, processing);
        await _server.StartAsync();
    }

    /// <summary>A request of each protocol, how it is answered, and how many records it has.</summary>
    public static TheoryData<string, string, int, int> Requests => new()
    {
        {
            "/insert/jsonline?extra_fields=who=anna.meyer@example.com,password=hunter2&_stream_fields=user,mail",
            """
            {"_msg":"mail to anna.meyer@example.com","user":"a","mail":"anna.meyer@example.com","card":4111111111111111,"password":"hunter2","auth":"Bearer tok3ntok3n","s":"session-abc","w":"x"}
            {"a":{"b":{"api_key":"hunter2"}},"url":"https://x/?email=anna.meyer%40example.com&password=hunter2","raw":"{\"password\":\"hunter2\"}"}
            {"email":"anna.meyer\u0040example.com","anna.meyer@example.com":1}
            """, 200, 3
        },
        {
            "/insert/jsonline",
            """
            [{"_msg":"x",
              "password":
                "hunter2"}, {
              "mail": "anna.meyer@example.com", "card": "4111 1111 1111 1111" } ]
            """, 200, 2
        },
        {
            "/insert/raw",
            """
            2024-01-01 10:00:00 ERROR mail to anna.meyer@example.com failed password=hunter2
            java.lang.IllegalStateException: card 4111 1111 1111 1111 of session-abc
            	at a.B.c(B.java:1) anna.meyer@example.com
            2024-01-01 10:00:01 INFO Authorization: Bearer tok3ntok3n
            """, 200, 2
        },
        { "/insert/raw?format=combined", """127.0.0.1 - anna.meyer@example.com [10/Oct/2024:13:55:36 -0700] "GET /a?password=hunter2&m=anna.meyer%40example.com HTTP/1.0" 200 2326 "-" "session-abc" """, 200, 1 },
        {
            "/loki/api/v1/push",
            """
            {"streams":[{"stream":{"app":"web","user":"anna.meyer@example.com","password":"hunter2","s":"session-abc","w":"whole-42"},
              "values":[["1763800000000000000","login of anna.meyer@example.com password=hunter2",{"card":"4111111111111111","token":"tok3ntok3n"}],
                        ["1763800000000000001","{\"msg\":\"m\",\"password\":\n\"hunter2\",\"mail\":\"anna.meyer@example.com\"}"]]}]}
            """, 204, 2
        },
        {
            "/v1/logs",
            """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"session-abc"}},{"key":"api_key","value":{"stringValue":"hunter2"}},{"key":"w","value":{"stringValue":"whole-42"}}]},
             "scopeLogs":[{"scope":{"name":"anna.meyer@example.com","attributes":[{"key":"password","value":{"stringValue":"hunter2"}}]},
              "logRecords":[{"body":{"stringValue":"mail to anna.meyer@example.com, card 4111 1111 1111 1111"},"severityText":"session-abc","eventName":"session-abc",
                "attributes":[{"key":"http.request.header.authorization","value":{"stringValue":"Bearer tok3ntok3n"}},{"key":"cards","value":{"arrayValue":{"values":[{"stringValue":"4111111111111111"}]}}},{"key":"card","value":{"intValue":"4111111111111111"}},
                  {"key":"user","value":{"kvlistValue":{"values":[{"key":"password","value":{"stringValue":"hunter2 or so"}}]}}}]},
               {"body":{"kvlistValue":{"values":[{"key":"password","value":{"stringValue":"hunter2"}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"anna.meyer@example.com"}]}}}]}}}]}]}]}
            """, 200, 2
        },
        {
            "/insert/elasticsearch/_bulk?_msg_field=message",
            """
            {"create":{"_index":"anna.meyer@example.com"}}
            {"message":"mail to anna.meyer@example.com","user":{"password":"hunter2"},"card":4111111111111111}
            {"index":{}}
            {"message":"session-abc","authorization":"Bearer tok3ntok3n"}

            """, 200, 2
        },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Nothing_of_a_secret_is_in_the_data_directory(string path, string body, int status, int records)
    {
        await StartAsync(Redact);
        var answer = await Client.SendAsync("POST", path, body);
        Assert.True((int)answer.Status == status, $"{answer}");
        var totals = (await Client.JsonAsync("/status")).GetProperty("ingested");
        Assert.Equal(records, totals.GetProperty("stored").GetInt32());
        Assert.True(totals.GetProperty("redacted").GetInt32() >= 3, totals.GetRawText());
        Assert.Contains($"puppylog_redacted_places_total{{from=\"http\"}} {totals.GetProperty("redacted").GetInt32()}\n", (await Client.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        await Client.SendAsync("POST", "/api/v1/reload", "");
        await _server.Running.StopAsync();

        var decoded = (await _program.RunAsync("store", "export", "--data", _directory.Data)).Expect(0).Text;
        Assert.Equal(records, decoded.Count(c => c == '\n'));
        Assert.Contains("***", decoded, StringComparison.Ordinal);
        var raw = Encoding.UTF8.GetString(await _program.RawAsync(_directory.Data));
        AssertHasNone("the export", decoded);
        AssertHasNone("the lines", raw);
        AssertHasNone("stderr", string.Join('\n', _server.Running.ErrorLines));
        Assert.True(File.Exists(Path.Combine(_directory.Data, "audit.log")));
        foreach (var file in Directory.EnumerateFiles(_directory.Data, "*", SearchOption.AllDirectories))
        {
            AssertHasNone(file, Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        }
    }

    /// <summary>So that the test above can fail: the same without processing is there to be found.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Without_processing_what_is_sent_is_stored_as_it_is(string path, string body, int status, int records)
    {
        await StartAsync("sources: []\n");
        Assert.Equal(status, (int)(await Client.SendAsync("POST", path, body)).Status);
        await _server.Running.StopAsync();
        var decoded = (await _program.RunAsync("store", "export", "--data", _directory.Data)).Expect(0).Text;
        Assert.Equal(records, decoded.Count(c => c == '\n'));
        Assert.True(Secrets.Count(secret => decoded.Contains(secret, StringComparison.Ordinal)) >= 4, decoded);
        Assert.DoesNotContain("***", decoded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_counts_from_the_next_request_on()
    {
        await StartAsync("sources: []\n");
        await SendAsync("one hunter2");
        File.WriteAllText(Configuration, "processing:\n  - redact: {patterns: ['hunter\\d']}\n  - drop: 'noise'\n");
        await Client.PostedAsync("/api/v1/reload", "", HttpStatusCode.OK);
        await SendAsync("two hunter2");
        Assert.Equal("""{"stored":0,"dropped":1}""", await SendAsync("noise"));

        // One with mistakes changes nothing.
        File.WriteAllText(Configuration, "processing:\n  - drop: 'a:('\n");
        await Client.PostedAsync("/api/v1/reload", "", HttpStatusCode.BadRequest);
        await SendAsync("three hunter2");

        File.WriteAllText(Configuration, "sources: []\n");
        _server.Running.HangUp();
        await _server.Running.WaitForErrorAsync(lines => lines.Any(line => line.Contains("is reloaded", StringComparison.Ordinal)), "the reload");
        await SendAsync("four hunter2 noise");
        var texts = JsonDocument.Parse($"[{(await Client.GetAsync("/select/logsql/query?query=*")).Body.TrimEnd('\n').Replace('\n', ',')}]").RootElement.EnumerateArray().Select(record => record.GetProperty("_msg").GetString()).Order(StringComparer.Ordinal);
        Assert.Equal(["four hunter2 noise", "one hunter2", "three ***", "two ***"], texts);
    }

    [Fact]
    public async Task Processing_that_says_the_same_after_a_reload_goes_on_with_what_it_remembers()
    {
        const string Processing = "processing:\n  - deduplicate: {window: 1h}\n";
        await StartAsync(Processing);
        Assert.Equal("""{"stored":1}""", await SendAsync("again"));
        File.WriteAllText(Configuration, $"groups: [{{name: g, match: '{{}}'}}]\n{Processing}");
        await Client.PostedAsync("/api/v1/reload", "", HttpStatusCode.OK);
        Assert.Equal("""{"stored":0,"dropped":1}""", await SendAsync("again"));
    }

    async Task<string> SendAsync(string message)
    {
        var (status, answer) = await Client.PostAsync("/insert/jsonline", JsonSerializer.Serialize(new Dictionary<string, string> { ["_msg"] = message }));
        Assert.Equal(HttpStatusCode.OK, status);
        return answer;
    }

    static void AssertHasNone(string where, string text) =>
        Assert.True(!Array.Exists(Secrets, secret => text.Contains(secret, StringComparison.Ordinal)), $"{Array.Find(Secrets, secret => text.Contains(secret, StringComparison.Ordinal))} is in {where}: {text[..Math.Min(3000, text.Length)]}");
}
