using System.Net;
using System.Text.RegularExpressions;
using Puppylog.Processing.Options;
using Puppylog.Tests.Intake;

namespace Puppylog.Tests.Api.Ingest;

/// <summary>What is answered and counted where processors drop records of what is sent.</summary>
public sealed partial class IngestProcessingTests : IAsyncLifetime
{
    static readonly (string, string) Key = ("Idempotency-Key", "batch-1");

    IngestServer? _server;

    IngestServer Server => _server!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    async Task StartAsync(params ProcessorOptions[] processors) => _server = await IngestServer.StartAsync(processors);

    [Theory]
    [InlineData("/insert/jsonline", "{\"_msg\":\"noise\"}\n{\"_msg\":\"a\"}\n{\"_msg\":\"noise\"}", 200, """{"stored":1,"dropped":2}""", 1)]
    [InlineData("/insert/jsonline", "{\"_msg\":\"noise\"}\nno", 200, """{"stored":0,"dropped":1,"invalid":1,"errors":[{"index":1,"reason":"expected a JSON object, which begins with {"}]}""", 0)]
    [InlineData("/insert/jsonline", "no", 400, """{"stored":0,"invalid":1,"errors":[{"index":0,"reason":"expected a JSON object, which begins with {"}],"error":"entry 0: expected a JSON object, which begins with {"}""", 0)]
    [InlineData("/insert/raw?format=text", "noise\na\nb", 200, """{"stored":2,"dropped":1}""", 2)]
    [InlineData("/loki/api/v1/push", """{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","noise"],["1700000000000000000","ok"]]}]}""", 204, "", 1)]
    [InlineData("/loki/api/v1/push", """{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","noise"],["x","bad"]]}]}""", 400, """{"stored":0,"dropped":1,"invalid":1,"errors":[{"index":1,"reason":"the time is no number of nanoseconds since 1970"}],"error":"entry 1: the time is no number of nanoseconds since 1970"}""", 0)]
    [InlineData("/v1/logs", """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"noise"}},{"body":{"stringValue":"ok"}}]}]}]}""", 200, "{}", 1)]
    [InlineData("/insert/elasticsearch/_bulk", "{\"create\":{}}\n{\"message\":\"noise\"}\n{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}\n{\"message\":\"a\"}\n{\"index\":{}}\n{\"message\":\"noise\"}\n", 200, """{"took":0,"errors":true,"items":[{"create":{"status":200,"result":"noop"}},{"delete":{"status":400,"error":{"type":"document_parsing_exception","reason":"logs are not deleted one by one"}}},{"index":{"status":201}},{"index":{"status":200,"result":"noop"}}]}""", 1)]
    public async Task What_is_dropped_is_told_and_is_no_mistake(string path, string body, int status, string answer, int stored)
    {
        await StartAsync(new FilterOptions("noise", Keeps: false));
        var got = await Server.PostAsync(path, body);
        Assert.Equal((status, answer), ((int)got.Status, Took().Replace(got.Answer, "\"took\":0")));
        Assert.Equal(stored, await Server.CountAsync());
    }

    [Fact]
    public async Task Processors_see_what_the_sender_asked_for_and_the_stream()
    {
        await StartAsync(new FilterOptions("{app=web} dc:eu -secret:*", Keeps: true), new AddOptions("seen", "yes"));
        await Server.PostAsync("/insert/jsonline?_stream_fields=app&extra_fields=dc=eu&ignore_fields=secret", "{\"app\":\"web\",\"secret\":1}\n{\"app\":\"db\"}");
        Assert.Equal(1, await Server.CountAsync());
        Assert.Equal(1, await Server.CountAsync("{app=web} seen:yes"));
    }

    [Fact]
    public async Task Everything_is_counted_once()
    {
        await StartAsync(new FilterOptions("noise", Keeps: false), new RedactOptions { Detectors = ["email"] });
        var body = "{\"_msg\":\"noise\"}\n{\"_msg\":\"a@example.com, b@example.com\"}\nno\n{\"_msg\":\"b\"}";
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync("/insert/jsonline", body, null, Key)).Status);
        }

        var counters = Server.Server.State.Ingested;
        Assert.Equal((4, 2, 1, 1, 2), (counters.Read, counters.Stored, counters.Invalid, counters.Dropped, counters.Redacted));
    }

    [Fact]
    public async Task Body_that_comes_again_under_its_key_is_answered_as_the_first_time()
    {
        await StartAsync(new DeduplicateOptions { Window = TimeSpan.FromHours(1) });
        const string Body = "{\"_msg\":\"a\"}\n{\"_msg\":\"b\"}\n{\"_msg\":\"a\"}";
        Assert.Equal((HttpStatusCode.OK, """{"stored":2,"dropped":1}"""), await Server.PostAsync("/insert/jsonline", Body, null, Key));
        Assert.Equal((HttpStatusCode.OK, """{"stored":2,"already_stored":true}"""), await Server.PostAsync("/insert/jsonline", Body, null, Key));
        Assert.Equal((HttpStatusCode.OK, """{"stored":0,"dropped":3}"""), await Server.PostAsync("/insert/jsonline", Body, null, ("Idempotency-Key", "batch-2")));
        Assert.Equal((HttpStatusCode.OK, """{"stored":0,"already_stored":true}"""), await Server.PostAsync("/insert/jsonline", Body, null, ("Idempotency-Key", "batch-2")));
        Assert.Equal(2, await Server.CountAsync());
    }

    [Fact]
    public async Task What_could_not_be_stored_is_no_duplicate_when_it_comes_again()
    {
        await StartAsync(new DeduplicateOptions { Window = TimeSpan.FromHours(1) });

        // Not understood to its end, hence not stored.
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.PostAsync("/insert/jsonline", "[{\"_msg\":\"a\"},")).Status);
        Assert.Equal((HttpStatusCode.OK, """{"stored":1}"""), await Server.PostAsync("/insert/jsonline", "[{\"_msg\":\"a\"}]"));

        // The store does not take it.
        Server.Server.Refuses = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Server.PostAsync("/insert/jsonline", "{\"_msg\":\"b\"}", null, Key)).Status);
        Server.Server.Refuses = false;
        Assert.Equal((HttpStatusCode.OK, """{"stored":1}"""), await Server.PostAsync("/insert/jsonline", "{\"_msg\":\"b\"}", null, Key));
        Assert.Equal(2, await Server.CountAsync());
    }

    [Fact]
    public async Task Many_at_once_under_one_key_are_stored_once_whatever_processors_remember()
    {
        await StartAsync(new DeduplicateOptions { Window = TimeSpan.FromHours(1) }, new RedactOptions { Detectors = ["email"] });
        await Task.WhenAll(Enumerable.Range(0, 80).Select(async i =>
        {
            var (status, answer) = await Server.PostAsync("/insert/jsonline", $"{{\"_msg\":\"{i / 4} of a@example.com\"}}", null, ("Idempotency-Key", $"k{i / 4}"));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.StartsWith("""{"stored":1""", answer, StringComparison.Ordinal);
        }));
        Assert.Equal(20, await Server.CountAsync());
        Assert.Equal(0, await Server.CountAsync("example"));
    }

    [Fact]
    public async Task Limit_counts_over_all_requests()
    {
        await StartAsync(new RateLimitOptions(0.001) { Burst = 3 });
        for (var i = 0; i < 5; i++)
        {
            await Server.PostAsync("/insert/jsonline", "{\"_msg\":\"a\"}");
        }

        Assert.Equal(3, await Server.CountAsync());
    }

    [Fact]
    public async Task Protobuf_is_redacted_as_its_JSON_is()
    {
        await StartAsync(new RedactOptions { Patterns = ["some \\w+", "^10$"] });
        await Server.PostAsync("/v1/logs", ProtoBytes.ExampleLogs());
        var push = ProtoBytes.Snappy(ProtoBytes.Push("{a=\"some label\"}", (1_700_000_000_000_000_000, "some line")));
        await Server.PostAsync("/loki/api/v1/push", push);
        var records = await Server.QueryAsync("* | sort by (_time)");
        Assert.DoesNotContain("some ", records, StringComparison.Ordinal);
        Assert.Contains("\"string.attribute\":\"***\"", records, StringComparison.Ordinal);
        Assert.Contains("\"map.attribute.some.map.key\":\"***\"", records, StringComparison.Ordinal);
        // In any order: a batch that was used before keeps the places of its columns.
        Assert.Contains("\"_stream\":\"{a=\\\"***\\\"}\",\"_msg\":\"***\"", records, StringComparison.Ordinal);
        Assert.Contains("\"a\":\"***\"", records, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"took\":[0-9]+")]
    private static partial Regex Took();
}
