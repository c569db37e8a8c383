using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// A collector that reads numbered lines, commits them with its position, and goes on from the stored position after every
/// failure, on a machine that crashes, fills up and fails at random moments, while segments are compacted and dropped.
/// </summary>
public sealed class CrashTests
{
    [Fact]
    public void Whatever_happens_each_line_is_stored_once_and_what_was_acknowledged_stays() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => Play(script, retention: false).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    [Fact]
    public void Whatever_happens_each_line_is_stored_once_or_counted_as_dropped() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => Play(script, retention: true).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    static async Task<bool> Play((byte Event, byte Amount)[] script, bool retention)
    {
        using var directory = new TemporaryDirectory();
        var files = new ModelFileSystem(new Random(script.Length));
        var options = new EmbeddedStoreOptions(new ImpatientClock())
        {
            Files = files,
            Codec = new LineCodec(),
            CatalogHook = step => files.Count($"catalog {step}"),
            SealLength = 2000,
            SealBlocks = 3 + (script.Length % 5),
            UpkeepInterval = Timeout.InfiniteTimeSpan,
            LeavingDelay = script.Length % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1),
        };
        long acknowledged = 0;
        var store = await OpenAsync(directory, files, options);
        foreach (var (what, amount) in script)
        {
            switch (what % 12)
            {
                case 0:
                    files.CrashAfter = amount % 40;
                    break;
                case 1:
                    Fail(files, amount % 4, 28, "write", "create", "mkdir", "sync", "move", "catalog Opening", "catalog Committing");
                    break;
                case 2:
                    Fail(files, amount % 3, 5, "write", "sync", "cut", "move", "delete", "syncdir", "catalog Committing", "catalog Committed", "catalog ReadingBack");
                    break;
                case 3:
                    await store.DisposeAsync();
                    store = await OpenAsync(directory, files, options);
                    break;
                case 4 or 5:
                    await UpkeepAsync(store.CompactAsync(null, default));
                    break;
                case 6:
                    await UpkeepAsync(store.TendAsync(default));
                    break;
                case 7 when retention:
                    await UpkeepAsync(store.SetRetentionAsync(new(null, 100_000 + (amount * 20)), default));
                    break;
                default:
                    acknowledged = Math.Max(acknowledged, await CollectAsync(store, 1 + (what % 5), 1 + (amount % 7)));
                    break;
            }

            if (files.IsDead)
            {
                await store.DisposeAsync();
                files.Crash();
                store = await OpenAsync(directory, files, options);
            }
        }

        await store.DisposeAsync();
        files.Fault = null;
        files.Crash();
        await using var recovered = await OpenAsync(directory, files, options);
        var position = (await recovered.ReadPositionsAsync(default)).SingleOrDefault()?.Offset ?? 0;
        var lines = (await LineSink.ReadAsync(recovered)).ConvertAll(int.Parse);
        Assert.True(position >= acknowledged, $"acknowledged {acknowledged}, stored {position}");
        if (retention)
        {
            var dropped = recovered.ReadStatus().Dropped.Records;
            Assert.Equal(position, lines.Distinct().Count() + dropped);
            Assert.Equal(lines.Distinct().Order().OrderBy(line => line % 3), lines);
        }
        else
        {
            // By day, and within it, where all times are equal, in the order of commits.
            Assert.Equal(Enumerable.Range(0, (int)position).OrderBy(line => line % 3), lines);
        }

        await recovered.TendAsync(default);
        await recovered.DisposeAsync();
        await AssertNothingIsLeftAsync(directory, files, options with { LeavingDelay = TimeSpan.Zero });
        return true;
    }

    /// <summary>No file but the segments that the catalogue knows, and what start-up has cut.</summary>
    static async Task AssertNothingIsLeftAsync(TemporaryDirectory directory, ModelFileSystem files, EmbeddedStoreOptions options)
    {
        await using var store = await OpenAsync(directory, files, options);
        await store.TendAsync(default);
        var status = store.ReadStatus();
        Assert.Empty(status.Leavings);
        Assert.Equal(status.Segments, files.ListFiles(Path.Combine(directory.Data, "days")).Count);
    }

    static async Task UpkeepAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (LogStoreException)
        {
            // The machine is dead, or something was made to fail: the next round goes on from what is there.
        }
    }

    /// <summary>Commits some lines, several commits under way at once; returns the last acknowledged position.</summary>
    static async Task<long> CollectAsync(ILogStore store, int commits, int linesEach)
    {
        var at = (await store.ReadPositionsAsync(default)).SingleOrDefault();
        var pending = new List<(long To, Task<CommitReceipt> Commit)>();
        for (var i = 0; i < commits; i++)
        {
            var batch = new RecordBatch(RecordShape.Plain);
            var from = at?.Offset ?? 0;
            for (var line = from; line < from + linesEach; line++)
            {
                Samples.Add(batch, Samples.Day0 + (line % 3 * Timestamps.Day), $"{line}");
            }

            var to = Samples.Position(from + linesEach);
            pending.Add((to.Offset, store.CommitAsync(new([batch], [new(at, to)], []), default)));
            at = to;
        }

        long acknowledged = 0;
        foreach (var (to, commit) in pending)
        {
            try
            {
                await commit;
                acknowledged = to;
            }
            catch (LogStoreException)
            {
                // Later ones may conflict with what was not stored; the next round starts from what is.
            }
        }

        return acknowledged;
    }

    static void Fail(ModelFileSystem files, int times, int error, params string[] operations)
    {
        var left = times;
        files.Fault = (operation, _) =>
            operations.Contains(operation) && Interlocked.Decrement(ref left) >= 0
                ? new IOException("played", error)
                : null;
    }

    static async Task<LocalStore> OpenAsync(TemporaryDirectory directory, ModelFileSystem files, EmbeddedStoreOptions options)
    {
        while (true)
        {
            try
            {
                return (LocalStore)await EmbeddedStore.OpenWriterAsync(directory.Data, options, default);
            }
            catch (LogStoreException) when (files.IsDead || files.Fault is not null)
            {
                if (files.IsDead)
                {
                    files.Crash();
                }

                files.Fault = null;
            }
        }
    }
}
