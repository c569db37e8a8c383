using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Puppylog.Bench;

/// <summary>
/// From a writer's <c>write()</c> to a client of the live tail: lines that carry the time at which they were written, at a
/// steady rate, and what clients see of them.
/// </summary>
static class TailMeasurement
{
    const int WritesPerSecond = 200;

    /// <param name="url">The server, which collects the file.</param>
    /// <param name="file">The log.</param>
    /// <param name="rate">Lines a second.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="clients">Tails at the same time.</param>
    public static async Task<int> RunAsync(string url, string file, int rate, int seconds, int clients)
    {
        using var stop = new CancellationTokenSource();
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var seen = Enumerable.Range(0, clients).Select(_ => new List<long>(rate * seconds)).ToList();
        var tails = seen.ConvertAll(latencies => FollowAsync(http, url, latencies, stop.Token));
        await Task.Delay(1000);
        var lines = Write(file, rate, seconds);
        await Task.Delay(2000);
        await stop.CancelAsync();
        await Task.WhenAll(tails);
        foreach (var latencies in seen)
        {
            // The first second is compiling.
            var steady = latencies.Skip(rate).Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{latencies.Count} of {lines} lines; ms p50 {At(steady, 0.5):0.0} p90 {At(steady, 0.9):0.0} p99 {At(steady, 0.99):0.0} p99.9 {At(steady, 0.999):0.0} max {At(steady, 1):0.0}"));
        }

        return 0;
    }

    static double At(List<long> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)] * 1000.0 / Stopwatch.Frequency;

    static int Write(string file, int rate, int seconds)
    {
        using var log = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var begin = Stopwatch.GetTimestamp();
        var written = 0;
        var text = new StringBuilder();
        for (var turn = 1; turn <= seconds * WritesPerSecond; turn++)
        {
            var due = begin + (turn * Stopwatch.Frequency / WritesPerSecond);
            while (Stopwatch.GetTimestamp() < due)
            {
                Thread.Sleep(1);
            }

            text.Clear();
            for (var count = (long)turn * rate / WritesPerSecond; written < count; written++)
            {
                text.Append(CultureInfo.InvariantCulture, $"10.0.{written % 7}.{written % 251} - - [22/Nov/2026:10:00:00 +0000] \"GET /api/v1/products/{written % 997}?t={Stopwatch.GetTimestamp()} HTTP/1.1\" 200 {written % 5000} \"-\" \"curl/8.5.0\"\n");
            }

            log.Write(Encoding.ASCII.GetBytes(text.ToString()));
        }

        return written;
    }

    static async Task FollowAsync(HttpClient http, string url, List<long> latencies, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await http.GetStreamAsync(new Uri($"{url}/api/v1/tail?query=*"), cancellationToken);
            using var reader = new StreamReader(body, Encoding.UTF8, false, 1 << 16);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal) && line.IndexOf("?t=", StringComparison.Ordinal) is >= 0 and var at)
                {
                    var end = line.IndexOf(' ', at);
                    latencies.Add(Stopwatch.GetTimestamp() - long.Parse(line.AsSpan(at + 3, end - at - 3), CultureInfo.InvariantCulture));
                }
                else if (line.Contains("skipped", StringComparison.Ordinal))
                {
                    Console.WriteLine(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }
}
