using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Puppylog.Bench;

/// <summary>
/// Clients that ingest, query and tail one server at the same time. Every record has a client and a number, so that in the
/// end what was answered with 2xx is compared with what is stored, and what each tail saw or was told to have missed with what was sent.
/// </summary>
sealed class LoadMeasurement : IDisposable
{
    const int BatchRecords = 20;

    /// <summary>Small questions as people and pages ask them; the last one is about one client.</summary>
    static readonly string[] Queries =
    [
        "select/logsql/query?limit=20&query=_time:5m level:error",
        "select/logsql/query?limit=20&query=_time:1m client:17",
        "select/logsql/hits?step=10s&query=_time:5m level:error",
        "select/logsql/stats_query?query=_time:1m | stats by (level) count() c",
        "select/logsql/field_values?field=level&query=_time:1m *",
        "select/logsql/query?limit=50&query=_time:1m path:\"/api/v1/products/17\"",
    ];

    readonly string _url;
    readonly int _ingesting;
    readonly int _pace;
    readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 200 }) { Timeout = Timeout.InfiniteTimeSpan };
    readonly long[] _stored;
    readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = new();
    readonly ConcurrentBag<string> _errors = [];
    // Of the queries since the last line that was printed.
    volatile ConcurrentBag<double> _lately = [];
    readonly ConcurrentBag<double> _ingestLatencies = [];
    long _retries;

    /// <param name="pace">Milliseconds between two batches of an ingesting client.</param>
    LoadMeasurement(string url, int ingesting, int pace)
    {
        _url = url;
        _ingesting = ingesting;
        _pace = pace;
        _stored = new long[ingesting];
    }

    /// <param name="url">The server, which has no such records yet.</param>
    /// <param name="process">Its process on this machine, whose memory is read; 0: none.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>1 where a request failed or a record is missing, twice, or not accounted for.</returns>
    public static async Task<int> RunAsync(string url, int process, int seconds, int ingesting, int querying, int tailing, int pace)
    {
        using var load = new LoadMeasurement(url, ingesting, pace);
        return await load.RunAsync(process, TimeSpan.FromSeconds(seconds), querying, tailing) ? 0 : 1;
    }

    public void Dispose() => _http.Dispose();

    async Task<bool> RunAsync(int process, TimeSpan duration, int querying, int tailing)
    {
        using var stop = new CancellationTokenSource();
        using var stopTails = new CancellationTokenSource();
        var tails = Enumerable.Range(0, tailing).Select(number => new Tail(number % 2 == 0 ? null : number % _ingesting)).ToList();
        var following = tails.ConvertAll(tail => FollowAsync(tail, stopTails.Token));
        await Task.Delay(1000);
        var work = Enumerable.Range(0, _ingesting).Select(client => IngestAsync(client, stop.Token))
            .Concat(Enumerable.Range(0, querying).Select(client => QueryAsync(client, stop.Token))).ToList();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, Math.Max(1, duration.TotalSeconds / 5))));
            var lately = _lately;
            _lately = [];
            var sorted = lately.Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s: {_stored.Sum()} records, {_errors.Count} errors, memory {Memory(process)} MB, {sorted.Count} queries lately, ms p50 {At(sorted, 0.5):0.0} p99 {At(sorted, 0.99):0.0}"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(work);
        await Task.Delay(3000);
        await stopTails.CancelAsync();
        await Task.WhenAll(following);
        Print("ingest", _ingestLatencies);
        foreach (var (query, latencies) in _latencies.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Print(query, latencies);
        }

        Print("all queries", [.. _latencies.Values.SelectMany(all => all)]);
        var wrong = await CompareAsync() + tails.Count(tail => !IsWhole(tail));
        Console.WriteLine($"{_stored.Sum()} records, {_retries} batches sent again after 429, {tails.Sum(tail => tail.Seen)} seen by tails, {tails.Sum(tail => tail.Skipped)} skipped and told");
        foreach (var error in _errors.GroupBy(error => error).OrderByDescending(error => error.Count()).Take(10))
        {
            Console.WriteLine($"{error.Count()} × {error.Key}");
        }

        Console.WriteLine($"{_errors.Count} errors, {wrong} differences");
        return _errors.IsEmpty && wrong == 0;
    }

    async Task IngestAsync(int client, CancellationToken cancellationToken)
    {
        var random = new Random(client);
        var text = new StringBuilder();
        await Task.Delay(random.Next(_pace), CancellationToken.None);
        while (!cancellationToken.IsCancellationRequested)
        {
            var due = Stopwatch.GetTimestamp() + (_pace * Stopwatch.Frequency / 1000);
            text.Clear();
            for (var i = 0; i < BatchRecords; i++)
            {
                var level = random.Next(50) == 0 ? "error" : "info";
                text.Append(CultureInfo.InvariantCulture, $"{{\"_msg\":\"request {_stored[client] + i} done\",\"level\":\"{level}\",\"client\":\"{client}\",\"n\":{_stored[client] + i},\"path\":\"/api/v1/products/{random.Next(997)}\",\"duration\":{random.Next(1, 400)},\"service\":\"shop\"}}\n");
            }

            await SendAsync(client, text.ToString());
            var left = (due - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency;
            await Task.Delay((int)Math.Max(0, left), CancellationToken.None);
        }
    }

    async Task SendAsync(int client, string batch)
    {
        var key = $"{client}-{_stored[client]}";
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{_url}/insert/jsonline?_stream_fields=service,client") { Content = new StringContent(batch, Encoding.UTF8, new MediaTypeHeaderValue("application/stream+json")) };
            request.Headers.Add("Idempotency-Key", key);
            var begin = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _http.SendAsync(request);
                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    Interlocked.Increment(ref _retries);
                    await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
                    continue;
                }

                if (!answer.IsSuccessStatusCode)
                {
                    _errors.Add($"ingest: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                    return;
                }

                _ingestLatencies.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                _stored[client] += BatchRecords;
                return;
            }
            catch (HttpRequestException wrong)
            {
                _errors.Add($"ingest: {wrong.Message}");
                return;
            }
        }
    }

    async Task QueryAsync(int client, CancellationToken cancellationToken)
    {
        var random = new Random(client);
        while (!cancellationToken.IsCancellationRequested)
        {
            var query = Queries[random.Next(Queries.Length)];
            var begin = Stopwatch.GetTimestamp();
            try
            {
                var (path, parameters) = (query[..query.IndexOf('?', StringComparison.Ordinal)], query[(query.IndexOf("query=", StringComparison.Ordinal) + 6)..]);
                var others = query[(path.Length + 1)..query.IndexOf("query=", StringComparison.Ordinal)];
                using var answer = await _http.GetAsync(new Uri($"{_url}/{path}?{others}query={Uri.EscapeDataString(parameters)}"), CancellationToken.None);
                var body = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    var took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                    _latencies.GetOrAdd(query, _ => []).Add(took);
                    _lately.Add(took);
                }
                else
                {
                    _errors.Add($"{query}: {(int)answer.StatusCode} {body}");
                }
            }
            catch (HttpRequestException wrong)
            {
                _errors.Add($"{query}: {wrong.Message}");
            }

            await Task.Delay(random.Next(500, 1500), CancellationToken.None);
        }
    }

    async Task FollowAsync(Tail tail, CancellationToken cancellationToken)
    {
        try
        {
            var query = tail.Client is { } client ? $"client:{client}" : "*";
            await using var body = await _http.GetStreamAsync(new Uri($"{_url}/api/v1/tail?query={Uri.EscapeDataString(query)}"), cancellationToken);
            using var reader = new StreamReader(body, Encoding.UTF8, false, 1 << 16);
            var isSkip = false;
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    isSkip = line == "event: skipped";
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    if (isSkip)
                    {
                        using var told = JsonDocument.Parse(line[6..]);
                        tail.Skipped += told.RootElement.GetProperty("skipped").GetInt64();
                    }
                    else if (line.Contains("\"client\"", StringComparison.Ordinal))
                    {
                        tail.Seen++;
                    }
                }
            }

            _errors.Add("tail: the server ended it");
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        catch (Exception wrong) when (wrong is IOException or HttpRequestException)
        {
            _errors.Add($"tail: {wrong.Message}");
        }
    }

    bool IsWhole(Tail tail)
    {
        var expected = tail.Client is { } client ? _stored[client] : _stored.Sum();
        if (tail.Seen + tail.Skipped != expected)
        {
            Console.WriteLine($"tail of {(tail.Client is { } one ? $"client {one}" : "all")}: {tail.Seen} seen and {tail.Skipped} skipped of {expected}");
            return false;
        }

        return true;
    }

    /// <summary>How many clients have other records in the store than those that were answered with 2xx.</summary>
    async Task<int> CompareAsync()
    {
        // As many as were sent, up to the last number, with the sum that they have: all are there once.
        var query = "* | stats by (client) count() c, max(n) m, sum(n) s";
        var lines = await _http.GetStringAsync(new Uri($"{_url}/select/logsql/query?limit=1000&query={Uri.EscapeDataString(query)}"));
        var found = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(row => row.GetProperty("client").GetString()!, row => (Count: Number(row, "c"), Most: Number(row, "m"), Sum: Number(row, "s")));
        var differing = 0;
        for (var client = 0; client < _ingesting; client++)
        {
            var (count, most, sum) = found.GetValueOrDefault(client.ToString(CultureInfo.InvariantCulture));
            if (count != _stored[client] || sum != count * (count - 1) / 2 || most != _stored[client] - 1)
            {
                differing++;
                Console.WriteLine($"client {client}: {count} records stored, numbers up to {most} with a sum of {sum}, {_stored[client]} answered");
            }
        }

        return differing;
    }

    static long Number(JsonElement row, string name) => long.Parse(row.GetProperty(name).ToString(), CultureInfo.InvariantCulture);

    static string Memory(int process) => process == 0 ? "?" : File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal))
        .Select(line => (long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).ToString(CultureInfo.InvariantCulture)).First();

    static void Print(string name, IReadOnlyCollection<double> latencies)
    {
        var sorted = latencies.Order().ToList();
        if (sorted.Count > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {sorted.Count}, ms p50 {At(sorted, 0.5):0.0} p90 {At(sorted, 0.9):0.0} p99 {At(sorted, 0.99):0.0} max {sorted[^1]:0.0}"));
        }
    }

    static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];

    /// <summary>A client of the live tail: of one ingesting client's records, or of all.</summary>
    sealed class Tail(int? client)
    {
        public int? Client { get; } = client;

        public long Seen { get; set; }

        public long Skipped { get; set; }
    }
}
