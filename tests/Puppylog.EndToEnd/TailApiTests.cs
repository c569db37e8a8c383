using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>The live tail of a server: Server-Sent Events, WebSocket, and VictoriaLogs' lines.</summary>
public sealed class TailApiTests : IAsyncLifetime
{
    readonly TestDirectory _directory = new();
    readonly AgentServer _server;
    readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    public TailApiTests(PublishedProgram program)
    {
        File.WriteAllBytes(Log, []);
        _server = new(program, _directory.Data, "-s", Log);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Log => _directory["access.log"];

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Each_record_comes_once_and_in_order_however_often_client_and_server_are_cut_off()
    {
        const int Lines = 4000;
        var random = new Random(5);
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < Lines; i += 10)
                {
                    AccessLines.Append(Log, AccessLines.Lines(i, 10));
                    await Task.Delay(15, Cancellation);
                }
            },
            Cancellation);
        var got = new List<string>();
        string? cursor = null;
        var cuts = 0;
        while (got.Count < Lines)
        {
            var until = got.Count + random.Next(1, 400);
            try
            {
                await foreach (var (id, kind, data) in EventsAsync("*", cursor is null ? "since=2000-01-01" : "", cursor))
                {
                    cursor = id;
                    Assert.Equal("record", kind);
                    got.Add(JsonDocument.Parse(data).RootElement.GetProperty("_msg").GetString()!);
                    if (got.Count >= Math.Min(until, Lines))
                    {
                        break;
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The server was killed meanwhile.
            }

            if (++cuts % 4 == 0 && got.Count < Lines)
            {
                await _server.KillAsync();
                await _server.StartAsync();
            }
        }

        await writing;
        Assert.Equal(Encoding.UTF8.GetString(AccessLines.Lines(0, Lines)).TrimEnd('\n').Split('\n'), got);
    }

    [Fact]
    public async Task WebSocket_gives_the_same_and_takes_a_cursor()
    {
        AccessLines.Append(Log, AccessLines.Lines(0, 30));
        var first = await SocketAsync("since=2000-01-01", 12);
        Assert.Equal(30, first.Count + (await SocketAsync($"cursor={first[^1].Id}", 18)).Count);
        Assert.Equal(30, first.Concat(await SocketAsync($"cursor={first[^1].Id}", 18)).Select(message => message.Text).Distinct().Count());
    }

    [Fact]
    public async Task Filters_and_fields_apply_and_statistics_come_per_interval()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var filtered = FirstAsync("* | filter method:GET | fields method, status", 1, stop.Token);
        var counted = FirstAsync("* | stats count() n", 1, stop.Token);
        var lines = LinesAsync("*", 7, stop.Token);
        await Task.Delay(500, Cancellation);
        AccessLines.Append(Log, AccessLines.Lines(0, 7));
        Assert.Equal(["method", "status"], JsonDocument.Parse(Assert.Single(await filtered)).RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("""{"n":"7"}""", Assert.Single(await counted));
        Assert.All(await lines, line => Assert.StartsWith("{\"_time\":", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unpacked_fields_can_be_filtered_shown_and_counted_live()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        const string Query = "* | unpack_json | filter status:500 | fields path";
        var events = FirstAsync(Query, 2, stop.Token);
        var lines = LinesAsync(Query, 2, stop.Token);
        var counted = FirstAsync("* | unpack_json | stats by (status) count() n", 2, stop.Token);
        await Task.Delay(500, Cancellation);
        File.AppendAllLines(Log, Enumerable.Range(0, 6).Select(i =>
            $$"""{"time":"2026-11-22T10:00:0{{i}}Z","msg":"{\"status\":{{(i % 3 == 1 ? 500 : 200)}},\"path\":\"/p{{i}}\"}"}"""));
        string[] expected = ["""{"path":"/p1"}""", """{"path":"/p4"}"""];
        Assert.Equal(expected, await events);
        Assert.Equal(expected, await lines);
        Assert.Equal(["""{"status":"200","n":"4"}""", """{"status":"500","n":"2"}"""], await counted);
    }

    [Theory]
    [InlineData("/api/v1/tail?query=status:|", "\"position\":7")]
    [InlineData("/api/v1/tail?query=*&cursor=x", "no cursor")]
    [InlineData("/api/v1/tail?query=*&interval=1ms", "interval takes")]
    [InlineData("/select/logsql/tail?query=*|stats%20count()", "/api/v1/tail")]
    [InlineData("/select/logsql/tail", "'query' is missing")]
    public async Task Mistakes_are_told(string address, string expected)
    {
        using var answer = await _client.GetAsync(new Uri(_server.Url + address), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cursor_of_another_store_is_told_and_the_tail_goes_on()
    {
        await foreach (var (_, kind, _) in EventsAsync("*", "", "999999-3"))
        {
            Assert.Equal("reset", kind);
            break;
        }
    }

    [Fact]
    public async Task Server_ends_at_once_under_open_tails()
    {
        using var answer = await _client.GetAsync(new Uri($"{_server.Url}/api/v1/tail?query=*"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var other = await _client.GetAsync(new Uri($"{_server.Url}/select/logsql/tail?query=*"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        _server.Running.Terminate();
        var begin = TimeProvider.System.GetTimestamp();
        (await _server.Running.WaitForExitAsync()).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begin).TotalSeconds, 0, 4.5);
    }

    async IAsyncEnumerable<(string Id, string Kind, string Data)> EventsAsync(string query, string more, string? cursor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_server.Url}/api/v1/tail?query={Uri.EscapeDataString(query)}&{more}"));
        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        var (id, kind) = ("", "");
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var value]:
                    id = value;
                    break;
                case ["event", var value]:
                    kind = value;
                    break;
                case ["data", var value]:
                    yield return (id, kind, value);
                    break;
            }
        }
    }

    async Task<List<string>> FirstAsync(string query, int count, CancellationToken cancellationToken)
    {
        var rows = new List<string>();
        await foreach (var (_, _, data) in EventsAsync(query, "", null).WithCancellation(cancellationToken))
        {
            rows.Add(data);
            if (rows.Count == count)
            {
                break;
            }
        }

        return rows;
    }

    async Task<List<string>> LinesAsync(string query, int count, CancellationToken cancellationToken)
    {
        await using var body = await _client.GetStreamAsync(new Uri($"{_server.Url}/select/logsql/tail?query={Uri.EscapeDataString(query)}"), cancellationToken);
        using var reader = new StreamReader(body);
        var lines = new List<string>();
        while (lines.Count < count && await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    async Task<List<(string Id, string Text)>> SocketAsync(string more, int count)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws{_server.Url["http".Length..]}/api/v1/tail?query=*&{more}"), Cancellation);
        var messages = new List<(string, string)>();
        var buffer = new byte[1 << 16];
        while (messages.Count < count)
        {
            var received = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(received.EndOfMessage);
            var message = JsonDocument.Parse(buffer.AsMemory(0, received.Count)).RootElement;
            messages.Add((message.GetProperty("id").GetString()!, message.GetProperty("record").GetRawText()));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        return messages;
    }
}
