using System.Diagnostics;
using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Bench;

/// <summary>What compaction makes of the store of a slow source: many commits of a few lines.</summary>
static class SlowSourceMeasurement
{
    public static async Task<int> CommitAsync(string file, string directory, int commits, int lines)
    {
        var options = new EmbeddedStoreOptions(TimeProvider.System) { UpkeepInterval = Timeout.InfiniteTimeSpan };
        await using var store = await EmbeddedStore.OpenWriterAsync(directory, options, CancellationToken.None);
        var parser = LineParsers.Create("combined", replaceTimes: false);
        using var reader = File.OpenText(file);
        var pending = new Queue<Task>();
        for (var commit = 0; commit < commits; commit++)
        {
            var batch = new RecordBatch(parser.Shape);
            parser.Bind(batch);
            for (var line = 0; line < lines && await reader.ReadLineAsync() is { } text; line++)
            {
                _ = parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(text)), out _);
            }

            pending.Enqueue(store.CommitAsync(new CommitRequest([batch], [], []), CancellationToken.None));
            if (pending.Count > 32)
            {
                await pending.Dequeue();
            }
        }

        await Task.WhenAll(pending);
        return 0;
    }

    public static async Task<int> CompactAsync(string directory)
    {
        var options = new EmbeddedStoreOptions(TimeProvider.System) { UpkeepInterval = Timeout.InfiniteTimeSpan };
        await using var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(directory, options, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var report = await store.CompactAsync(null, CancellationToken.None);
        Console.WriteLine($"{report} {store.Trouble}");
        Console.WriteLine(
            $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s, {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.00} s CPU, "
            + $"peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Console.WriteLine($"{store.ReadStatus()}");
        return 0;
    }
}
