using System.IO.Compression;
using System.Net;
using System.Text;
using Puppylog.Configuration;
using Puppylog.Tests.Intake;

namespace Puppylog.Tests.Api.Ingest;

/// <summary>Bodies that are packed, cut off, too long, sent twice, hostile.</summary>
public sealed class IngestFaultTests : IAsyncLifetime
{
    static readonly string[] Paths = ["/insert/jsonline", "/insert/raw", "/loki/api/v1/push", "/v1/logs", "/insert/elasticsearch/_bulk"];

    IngestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await IngestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task Packed_body_is_unpacked(string encoding)
    {
        var body = Packed(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{{\"n\":{i}}}\n"))), encoding);
        Assert.Equal((HttpStatusCode.OK, """{"stored":5000}"""), await _server.PostAsync("/insert/jsonline", body, null, ("Content-Encoding", encoding)));
        Assert.Equal(1, await _server.CountAsync("n:=4999"));
    }

    [Fact]
    public async Task Members_of_gzip_follow_each_other()
    {
        byte[] body = [.. Packed("{\"n\":1}\n"u8.ToArray(), "gzip"), .. Packed("{\"n\":2}\n"u8.ToArray(), "gzip")];
        Assert.Equal((HttpStatusCode.OK, """{"stored":2}"""), await _server.PostAsync("/insert/jsonline", body, null, ("Content-Encoding", "gzip")));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Packed_body_that_is_cut_off_is_refused_and_nothing_of_it_stored(string encoding)
    {
        var lines = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"{{\"n\":{i},\"x\":\"{i * 7919}\"}}\n")));
        var body = Packed(lines, encoding);
        for (var length = 0; length < body.Length; length++)
        {
            var (status, answer) = await _server.PostAsync("/insert/jsonline", body[..length], null, ("Content-Encoding", encoding));
            Assert.True(status == HttpStatusCode.BadRequest || length == 0, $"{length} of {body.Length}: {status} {answer}");
        }

        Assert.Equal(0, await _server.CountAsync());
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip")]
    [InlineData("nonsense")]
    public async Task Unknown_packing_is_refused_by_name(string encoding)
    {
        var (status, answer) = await _server.PostAsync("/insert/jsonline", "{}", null, ("Content-Encoding", encoding));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("use gzip", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bomb_is_too_large()
    {
        var bomb = Packed(new byte[ServerConfiguration.DefaultMaxBody + 1], "gzip");
        foreach (var path in Paths)
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _server.PostAsync(path, bomb, null, ("Content-Encoding", "gzip"))).Status);
        }

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _server.PostAsync("/loki/api/v1/push", [.. ProtoBytes.Varint(ServerConfiguration.DefaultMaxBody + 1), 0, 0])).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _server.PostAsync("/insert/jsonline", Packed(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 1_000_001))), "gzip"), null, ("Content-Encoding", "gzip"))).Status);
        Assert.Equal(0, await _server.CountAsync());
    }

    [Fact]
    public async Task Values_that_records_share_are_bounded()
    {
        var attributes = Enumerable.Range(0, 900).Select(i => ProtoBytes.Pair(1, $"a{i}", "")).ToArray();
        var records = ProtoBytes.Message(2, [.. Enumerable.Repeat(ProtoBytes.Message(2), 200_000)]);
        var body = ProtoBytes.Message(1, ProtoBytes.Message(1, attributes), records);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _server.PostAsync("/v1/logs", body, "application/x-protobuf")).Status);
    }

    [Fact]
    public async Task Full_budget_says_when_to_come_again()
    {
        Assert.True(_server.Server.State.Budget.TryTake(256 << 20));
        using (var answer = await _server.SendAsync("/insert/jsonline", "{}"u8.ToArray()))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        }

        _server.Server.State.Budget.Give(256 << 20);
        Assert.Equal(HttpStatusCode.OK, (await _server.PostAsync("/insert/jsonline", "{}")).Status);
    }

    [Fact]
    public async Task Budget_is_given_back_whatever_comes()
    {
        for (var i = 0; i < 20; i++)
        {
            await _server.PostAsync(Paths[i % Paths.Length], new byte[1000], null, ("Content-Encoding", i % 2 == 0 ? "gzip" : "none"));
        }

        Assert.True(_server.Server.State.Budget.TryTake((256 << 20) + 1), "something is still taken");
    }

    [Fact]
    public async Task Body_with_a_key_is_stored_once()
    {
        var key = ("Idempotency-Key", "batch-1");
        Assert.Equal((HttpStatusCode.OK, """{"stored":2}"""), await _server.PostAsync("/insert/jsonline", "{\"a\":1}\n{\"a\":2}", null, key));
        Assert.Equal((HttpStatusCode.OK, """{"stored":2,"already_stored":true}"""), await _server.PostAsync("/insert/jsonline", "{\"a\":1}\n{\"a\":2}", null, key));
        Assert.Equal((HttpStatusCode.OK, "{}"), await _server.PostAsync("/v1/logs", ProtoBytes.ExampleLogs(), null, key));
        Assert.Equal(2, await _server.CountAsync());
        await _server.Server.StopAsync();
        await _server.Server.StartAgainAsync();
        await _server.PostAsync("/insert/jsonline", "{\"a\":1}\n{\"a\":2}", null, key);
        Assert.Equal(2, await _server.CountAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/insert/jsonline", "{}", null, ("Idempotency-Key", new string('k', 201)))).Status);
    }

    [Fact]
    public async Task Many_senders_at_once_lose_and_double_nothing()
    {
        const int Senders = 16;
        const int Requests = 20;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            for (var i = 0; i < Requests; i++)
            {
                // Each second sender sends what the one before it sends, under the same key.
                var key = ("Idempotency-Key", $"{sender / 2}-{i}");
                var body = $"{{\"sender\":\"{sender / 2}\",\"n\":{i}}}\n{{\"sender\":\"{sender / 2}\",\"n\":{i}}}\n";
                Assert.Equal(HttpStatusCode.OK, (await _server.PostAsync("/insert/jsonline", body, null, key)).Status);
            }
        }));
        Assert.Equal(Senders / 2 * Requests * 2, await _server.CountAsync());
    }

    [Fact]
    public async Task Hostile_bodies_are_refused_or_stored_and_never_break_anything()
    {
        var random = new Random(23);
        byte[][] seeds =
        [
            "{\"_time\":\"2024-01-01T00:00:00Z\",\"_msg\":\"x\",\"a\":{\"b\":[1,2]}}\n{\"a\":1}"u8.ToArray(),
            "127.0.0.1 - - [10/Oct/2024:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 1"u8.ToArray(),
            "{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"1700000000000000000\",\"l\\u00e9\",{\"k\":\"v\"}]]}]}"u8.ToArray(),
            "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"z\",\"value\":{\"arrayValue\":{\"values\":[{\"doubleValue\":1.5},{}]}}}]}}}]},\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"kvlistValue\":{\"values\":[]}}}]}]}]}"u8.ToArray(),
            "{\"create\":{}}\n{\"message\":\"m\"}\n{\"delete\":{}}\n"u8.ToArray(),
            ProtoBytes.ExampleLogs(),
            ProtoBytes.Snappy(ProtoBytes.Push("{a=\"b\"}", (1, "x"), (2, "{\"y\":1}"))),
            Packed("{\"a\":1}"u8.ToArray(), "gzip"),
        ];
        string?[] types = [null, "application/json", "application/x-protobuf", "text/plain", "application/x-www-form-urlencoded"];
        string[] encodings = ["", "", "", "", "gzip", "deflate", "snappy"];
        var seen = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < 3000; i++)
        {
            var body = Mutate(seeds[random.Next(seeds.Length)], random);
            var path = Paths[random.Next(Paths.Length)] + (random.Next(4) == 0 ? "?_stream_fields=a,k,_msg&_msg_field=a&ignore_fields=b*&extra_fields=z=1" : "");
            var encoding = encodings[random.Next(encodings.Length)];
            var (status, answer) = await _server.PostAsync(path, body, types[random.Next(types.Length)], ("Content-Encoding", encoding)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            seen[status] = seen.GetValueOrDefault(status) + 1;
            Assert.True((int)status is 200 or 204 or 400 or 413 or 415, $"{path} {encoding} {Convert.ToHexString(body)}: {status} {answer}");
        }

        Assert.True(seen[HttpStatusCode.OK] > 300 && seen[HttpStatusCode.BadRequest] > 300, string.Join(' ', seen));

        // All that was stored can be read.
        var lines = (await _server.QueryAsync("*")).Count(c => c == '\n') + 1;
        Assert.Equal(await _server.CountAsync(), lines);
    }

    /// <summary>Values in values without end would take the stack, and the server with it.</summary>
    [Fact]
    public async Task Deep_values_are_refused()
    {
        byte[] maps = ProtoBytes.Text(1, "x"), arrays = ProtoBytes.Text(1, "x");
        for (var depth = 0; depth < 20_000; depth++)
        {
            maps = Bounded(ProtoBytes.Message(6, ProtoBytes.Pair(1, "k", maps)), maps);
            arrays = Bounded(ProtoBytes.Message(5, ProtoBytes.Bytes(1, arrays)), arrays);
        }

        foreach (var value in new[] { maps, arrays })
        {
            var attribute = ProtoBytes.Message(1, ProtoBytes.Message(2, ProtoBytes.Message(2, ProtoBytes.Pair(6, "a", value))));
            var body = ProtoBytes.Message(1, ProtoBytes.Message(2, ProtoBytes.Message(2, ProtoBytes.Bytes(5, value))));
            var resource = ProtoBytes.Message(1, ProtoBytes.Message(1, ProtoBytes.Pair(1, "a", value)));
            foreach (var request in new[] { attribute, body, resource })
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/v1/logs", request, "application/x-protobuf")).Status);
            }
        }

        var (open, close) = (string.Concat(Enumerable.Repeat("{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":", 20_000)), string.Concat(Enumerable.Repeat("}]}}", 20_000)));
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/v1/logs", $"{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"body\":{open}{{\"intValue\":\"1\"}}{close}}}]}}]}}]}}", "application/json")).Status);
        var lists = new string('[', 100_000) + new string(']', 100_000);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/insert/jsonline", $"{{\"a\":{lists}}}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/insert/jsonline", lists)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/loki/api/v1/push", $"{{\"streams\":[{{\"stream\":{{}},\"values\":{lists}}}]}}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/loki/api/v1/push", $"{{\"streams\":[{{\"stream\":{{\"a\":{lists}}}}}]}}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.PostAsync("/insert/elasticsearch/_bulk", $"{{\"create\":{lists}}}\n{{}}\n")).Status);
        Assert.Equal(0, await _server.CountAsync());

        // Lengths are in front of each level: it takes room, but not without bound.
        static byte[] Bounded(byte[] next, byte[] before) => next.Length < 100_000 ? next : before;
    }

    static byte[] Mutate(byte[] seed, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var change = random.Next(6); change > 0; change--)
        {
            var at = bytes.Count == 0 ? 0 : random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0 when bytes.Count > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when bytes.Count > 0:
                    bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.Take(random.Next(40)).ToArray());
                    break;
                case 3:
                    bytes.Insert(at, "{}[]\",:\\\n\0"u8[random.Next(10)]);
                    break;
                case 4:
                    bytes = [.. bytes.Take(at + 1)];
                    break;
            }
        }

        return [.. bytes];
    }

    static byte[] Packed(byte[] bytes, string encoding)
    {
        if (encoding == "identity")
        {
            return bytes;
        }

        using var packed = new MemoryStream();
        using (Stream stream = encoding == "deflate" ? new ZLibStream(packed, CompressionLevel.Fastest) : new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }
}
