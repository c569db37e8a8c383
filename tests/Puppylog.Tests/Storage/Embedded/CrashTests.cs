using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Storage.Embedded.Verification;

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
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Whatever_happens_each_line_is_stored_once_or_counted_as_dropped() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => Play(script, retention: true).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task Crashes_full_disks_and_failures_hit_every_kind_of_operation()
    {
        var hits = new HashSet<string>();
        for (byte operation = 0; operation < Operations.Length; operation++)
        {
            for (byte error = 0; error < 3; error++)
            {
                // A crash at one operation, or that operation failing, in the midst of all that a store does.
                var wanted = $"{(error == 0 ? "crash" : error == 1 ? "5" : "28")} {Operations[operation]}";
                for (var seed = 0; seed < 8 && !hits.Contains(wanted) && (error < 2 || CanBeFull.Contains(Operations[operation])); seed++)
                {
                    var random = new Random(seed);
                    var script = Enumerable.Range(0, 31).Select(_ => ((byte)random.Next(3, 256), (byte)random.Next(256))).ToList();
                    script.Insert(8, (error == 0 ? (byte)0 : (byte)error, (byte)(operation + 128)));
                    await Play([.. script], retention: seed % 2 == 0, hits);
                }
            }
        }

        var missing = Operations.Select(operation => $"crash {operation}")
            .Concat(Operations.Select(operation => $"5 {operation}"))
            .Concat(CanBeFull.Select(operation => $"28 {operation}"))
            .Except(hits);
        Assert.Empty(missing);
    }

    /// <summary>What comes before the catalogue's transaction and what comes after it is decided by each single place.</summary>
    [Theory]
    [InlineData("compaction")]
    [InlineData("retention")]
    [InlineData("commits")]
    public async Task Crash_at_any_place_of_what_a_store_does_loses_and_doubles_nothing(string work)
    {
        (byte, byte)[] collecting = [(10, 3), (11, 2), (12, 5), (13, 1), (10, 6), (11, 4), (12, 2)];
        (byte, byte)[] compacting = [(4, 0), (6, 0), (6, 0)];
        (byte, byte)[] dropping = [(7, 0), (6, 0), (6, 0), (6, 0)];
        for (byte place = 0; place < 40; place++)
        {
            (byte, byte) crash = (0, place);
            await Play(
                work switch
                {
                    "compaction" => [.. collecting, crash, .. compacting, .. collecting],
                    "retention" => [.. collecting, .. compacting, .. collecting, crash, .. dropping, .. collecting],
                    _ => [crash, .. collecting, .. collecting, .. compacting],
                },
                retention: work == "retention");
        }
    }

    static readonly string[] Operations =
    [
        "write", "create", "mkdir", "sync", "cut", "move", "delete", "rmdir", "syncdir",
        "catalog Opening", "catalog Committing", "catalog Committed", "catalog ReadingBack",
    ];

    static readonly string[] CanBeFull = ["write", "create", "mkdir", "sync", "move", "syncdir", "catalog Opening", "catalog Committing"];

    static Task<bool> Play((byte Event, byte Amount)[] script, bool retention) => Play(script, retention, []);

    static async Task<bool> Play((byte Event, byte Amount)[] script, bool retention, HashSet<string> hits)
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
            switch (what % 14)
            {
                case 0 when amount < 128:
                    files.CrashAfter = amount % 40;
                    break;
                case 0:
                    files.CrashAt = Operations[amount % 128 % Operations.Length];
                    Fail(files, 1, 5, Operations.Length, files.CrashAt);
                    break;
                case 1:
                    Fail(files, 1 + (amount % 3), 5, amount % 128 % Operations.Length, Operations[amount % 128 % Operations.Length]);
                    break;
                case 2:
                    Fail(files, 1 + (amount % 3), 28, amount % 128 % Operations.Length, Operations[amount % 128 % Operations.Length]);
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
                case 8:
                    await store.DisposeAsync();
                    store = await RepairAsync(directory, files, options, losesCatalog: amount % 2 == 0 && !retention);
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
        files.CrashAt = null;
        hits.UnionWith(files.Hits);
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

    /// <summary>Makes an operation fail some times; what is only done after a failure is given one.</summary>
    static void Fail(ModelFileSystem files, int times, int error, int meant, string name)
    {
        var cause = name is "cut" ? "sync" : name is "catalog ReadingBack" ? "catalog Committing" : null;
        var (left, causes) = (meant < Operations.Length ? times : 0, 1);
        files.Fault = (operation, _) =>
            (operation == name && Interlocked.Decrement(ref left) >= 0) || (operation == cause && Interlocked.Decrement(ref causes) >= 0)
                ? new IOException("played", operation == name ? error : 5)
                : null;
    }

    /// <summary>Repairs the store, which may have lost its catalogue, until that has gone through.</summary>
    static async Task<LocalStore> RepairAsync(TemporaryDirectory directory, ModelFileSystem files, EmbeddedStoreOptions options, bool losesCatalog)
    {
        if (losesCatalog && files.ListFiles(Path.Combine(directory.Data, "days")).Count > 0)
        {
            // Whether there is a store is asked of the machine itself.
            Directory.CreateDirectory(Path.Combine(directory.Data, "days"));
            foreach (var file in Directory.GetFiles(directory.Data, "catalog.db*"))
            {
                File.Delete(file);
            }
        }

        while (true)
        {
            try
            {
                var report = await new StoreRepair(directory.Data, options, new VerifyProgress()).RunAsync(default);
                Assert.True(report.After.IsClean, string.Join('\n', report.After.Damage));
                return await OpenAsync(directory, files, options);
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
