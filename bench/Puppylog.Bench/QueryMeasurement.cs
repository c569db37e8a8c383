using System.Diagnostics;
using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Bench;

/// <summary>
/// Queries on an open, warm store: median, least and greatest milliseconds, the first run (cold code), CPU milliseconds of the
/// a run, and the rows that came back.
/// </summary>
static class QueryMeasurement
{
    public static async Task<int> RunAsync(string directory, int runs, IReadOnlyList<string> queries)
    {
        var opening = Stopwatch.StartNew();
        await using var store = await EmbeddedStore.OpenReaderAsync(directory, TimeProvider.System, CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"open {opening.Elapsed.TotalMilliseconds:F1} ms"));
        Console.WriteLine($"{"median",9} {"min",9} {"max",9} {"first",9} {"cpu",9} {"rows",8}  query");
        foreach (var text in queries)
        {
            var query = QueryParser.Parse(text, 1_790_000_000_000_000_000);
            var times = new List<double>();
            var first = 0.0;
            var cpu = TimeSpan.Zero;
            var sink = new CountingSink();
            for (var run = -2; run < runs; run++)
            {
                sink = new CountingSink();
                var before = Environment.CpuUsage.TotalTime;
                var watch = Stopwatch.StartNew();
                await store.QueryAsync(query, sink, CancellationToken.None);
                if (run == -2)
                {
                    first = watch.Elapsed.TotalMilliseconds;
                }

                if (run >= 0)
                {
                    times.Add(watch.Elapsed.TotalMilliseconds);
                    cpu += Environment.CpuUsage.TotalTime - before;
                }
            }

            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{times[times.Count / 2],9:F2} {times[0],9:F2} {times[^1],9:F2} {first,9:F2} {cpu.TotalMilliseconds / runs,9:F2} {sink.Rows,8}  {text}"));
        }

        return 0;
    }

    sealed class CountingSink : IResultSink
    {
        public long Rows { get; private set; }

        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            Rows += rows.Length;
            return true;
        }
    }
}
