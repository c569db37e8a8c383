using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// A collector that reads numbered lines, commits them with its position, and goes on from the stored position after every
/// failure, on a machine that crashes, fills up and fails at random moments.
/// </summary>
public sealed class CrashTests
{
    [Fact]
    public void Whatever_happens_each_line_is_stored_once_and_what_was_acknowledged_stays() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => Play(script).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    static async Task<bool> Play((byte Event, byte Amount)[] script)
    {
        using var directory = new TemporaryDirectory();
        var files = new ModelFileSystem(new Random(script.Length));
        var options = new EmbeddedStoreOptions(new ImpatientClock())
        {
            Files = files,
            Codec = new LineCodec(),
            CatalogHook = step => files.Count($"catalog {step}"),
            SealLength = 600,
        };
        long acknowledged = 0;
        var store = await OpenAsync(directory, files, options);
        foreach (var (what, amount) in script)
        {
            switch (what % 8)
            {
                case 0:
                    files.CrashAfter = amount % 40;
                    break;
                case 1:
                    Fail(files, amount % 4, 28, "write", "create", "mkdir", "sync", "catalog Committing");
                    break;
                case 2:
                    Fail(files, amount % 3, 5, "write", "sync", "cut", "catalog Committing", "catalog Committed", "catalog ReadingBack");
                    break;
                case 3:
                    await store.DisposeAsync();
                    store = await OpenAsync(directory, files, options);
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
        var lines = Samples.Lines(((IEmbeddedStore)recovered).Snapshot()).Select(int.Parse).Order().ToList();
        Assert.True(position >= acknowledged, $"acknowledged {acknowledged}, stored {position}");
        Assert.Equal(Enumerable.Range(0, (int)position), lines);
        return true;
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

    static async Task<ILogStore> OpenAsync(TemporaryDirectory directory, ModelFileSystem files, EmbeddedStoreOptions options)
    {
        while (true)
        {
            try
            {
                return await EmbeddedStore.OpenWriterAsync(directory.Data, options, default);
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
