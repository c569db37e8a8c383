using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// Records of several sources and shapes, late ones of any age, ones of the future, many of one time: each query gives them
/// by time, and those of one time as they were stored, whatever compaction does meanwhile. Against a plain sorted list.
/// </summary>
public sealed class ArrivalOrderTests
{
    static readonly string[] Formats = ["combined", "json", "text"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Order_of_a_query_is_the_same_before_while_and_after_compaction() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            PlayAsync(new Random(seed)).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(4));

    static async Task PlayAsync(Random random)
    {
        using var directory = new TemporaryDirectory();
        var options = new EmbeddedStoreOptions(TimeProvider.System)
        {
            // In memory: a commit of 40 days is 40 files to sync.
            Files = new ModelFileSystem(random),
            SealBlocks = random.Next(2, 12),
            UpkeepInterval = Timeout.InfiniteTimeSpan,
            LeavingDelay = random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1),
        };
        await using var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(directory.Data, options, Cancellation);
        await using var reader = await EmbeddedStore.OpenReaderAsync(directory.Data, options, Cancellation);
        await using var watching = store.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        var next = watching.MoveNextAsync();
        var stored = new List<(long Time, string Line)>();
        for (var commits = random.Next(20, 40); commits > 0; commits--)
        {
            await store.CommitAsync(new CommitRequest([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Batch(random, stored))], [], []), Cancellation);
            if (random.Next(25) == 0)
            {
                await store.CompactAsync(null, Cancellation);
                await CheckAsync(store, stored, random);
            }
        }

        await CheckAsync(store, stored, random);
        await CheckAsync(reader, stored, random);
        var compacting = Task.Run(() => store.CompactAsync(null, Cancellation), Cancellation);
        do
        {
            await CheckAsync(store, stored, random);
            await CheckAsync(reader, stored, random);
        }
        while (!compacting.IsCompleted);

        var report = await compacting;
        Assert.True(report.BlocksAfter <= report.BlocksBefore);
        await CheckAsync(store, stored, random);
        await CheckAsync(reader, stored, random);
        await CheckTailAsync(watching, next, stored);
    }

    /// <summary>The watcher looks for the first time after all was compacted.</summary>
    static async Task CheckTailAsync(IAsyncEnumerator<CommittedBlocks> watching, ValueTask<bool> next, List<(long Time, string Line)> stored)
    {
        // Within a commit blocks are those of days and shapes; within each the records are as they came.
        var (seen, commit) = (new List<string>(), 0L);
        while (seen.Count < stored.Count && await next)
        {
            Assert.True(watching.Current.Commit > commit);
            commit = watching.Current.Commit;
            var lines = Samples.Lines(watching.Current.Blocks);
            Assert.Equal(stored.Skip(seen.Count).Take(lines.Count).Select(record => record.Line).Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
            seen.AddRange(lines);
            next = seen.Count < stored.Count ? watching.MoveNextAsync() : next;
        }
    }

    static async Task CheckAsync(ILogStore store, List<(long Time, string Line)> stored, Random random)
    {
        // Stable: those of one time stay as they were stored.
        var all = stored.OrderBy(record => record.Time).ToList();
        var lines = all.ConvertAll(record => record.Line);
        var n = random.Next(1, lines.Count + 2);
        var backwards = lines.AsEnumerable().Reverse();
        await AssertAsync(store, "*", lines);
        await AssertAsync(store, "* | sort by (_time)", lines);
        await AssertAsync(store, $"* | limit {n}", lines.Take(n));
        await AssertAsync(store, $"* | sort by (_time desc) limit {n}", backwards.Take(n));
        await AssertAsync(store, $"* | sort by (_time desc) limit {n} | sort by (_time)", lines.Skip(Math.Max(0, lines.Count - n)));
        await AssertAsync(store, $"* | sort by (_time desc)", backwards);
        await AssertAsync(store, $"* | sort by (_time) limit {n}", lines.Take(n));

        var (from, to) = (all[random.Next(all.Count)].Time, all[random.Next(all.Count)].Time);
        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        var window = all.Where(record => record.Time >= from && record.Time < to).Select(record => record.Line).ToList();
        var times = $"_time:[{Timestamps.ToRfc3339(from)}, {Timestamps.ToRfc3339(to)})";
        await AssertAsync(store, times, window);
        await AssertAsync(store, $"{times} | sort by (_time desc) limit {n}", window.AsEnumerable().Reverse().Take(n));

        // Few of them, spread over all blocks.
        var odd = lines.Where(line => line.Contains("rare", StringComparison.Ordinal)).ToList();
        await AssertAsync(store, "rare", odd);
        await AssertAsync(store, $"rare | sort by (_time desc) limit {n}", odd.AsEnumerable().Reverse().Take(n));
    }

    static async Task AssertAsync(ILogStore store, string text, IEnumerable<string> expected)
    {
        var sink = new LineSink();
        await store.QueryAsync(QueryParser.Parse(text, 0), sink, Cancellation);
        Assert.Equal(expected, sink.Lines);
    }

    static RecordBatch Batch(Random random, List<(long Time, string Line)> stored)
    {
        var format = Formats[random.Next(Formats.Length)];
        var parser = LineParsers.Create(format, replaceTimes: false);
        var batch = new RecordBatch(parser.Shape);
        parser.Bind(batch);
        var isScattered = random.Next(6) == 0;
        for (var count = isScattered ? random.Next(50, 90) : random.Next(1, 12); count > 0; count--)
        {
            var time = Samples.Day0 + (random.Next(8) * Timestamps.Second);
            time += isScattered ? random.Next(-30, 30) * Timestamps.Day : random.Next(12) == 0 ? random.Next(-60, 60) * Timestamps.Day : 0;
            var word = random.Next(8) == 0 ? "rare" : "often";
            var line = Line(format, time, $"{word}{(random.Next(2) == 0 ? " " : "/")}{stored.Count}");
            Assert.True(parser.TryParse(batch.Append(Encoding.UTF8.GetBytes(line)), out var reason), $"{reason}: {line}");
            stored.Add((batch.Times[^1], line));
        }

        return batch;
    }

    static string Line(string format, long time, string text)
    {
        var moment = DateTime.UnixEpoch.AddTicks(time / 100);
        return format switch
        {
            "combined" => string.Create(
                CultureInfo.InvariantCulture, $"10.0.0.1 - - [{moment:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET /{text.Replace(' ', '+')} HTTP/1.1\" 200 5 \"-\" \"-\""),
            "json" => $"{{\"time\":\"{Timestamps.ToRfc3339(time)}\",\"msg\":\"{text}\"}}",
            _ => $"{Timestamps.ToRfc3339(time)} {text}",
        };
    }
}
