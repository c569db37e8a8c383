using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Tests.Storage.Embedded.Verification;

/// <summary>A small store of several segments, sealed and open, of some days, in the real block format; to be damaged.</summary>
sealed class SampleStore : IDisposable
{
    const int Commits = 14;
    const int LinesEach = 40;

    readonly TemporaryDirectory _directory = new();

    SampleStore()
    {
    }

    public string Data => _directory.Data;

    public string Root => _directory.Path;

    public string Catalog => Path.Combine(Data, "catalog.db");

    public string Quarantine => Path.Combine(Data, "quarantine");

    public EmbeddedStoreOptions Options { get; } = new(TimeProvider.System) { SealLength = 3000 };

    public List<string> Lines { get; } = [];

    /// <summary>Segment files, by number.</summary>
    public List<string> Segments => [.. Directory.GetFiles(Path.Combine(Data, "days"), "*.seg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static async Task<SampleStore> CreateAsync()
    {
        var store = new SampleStore();
        await using var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, TestContext.Current.CancellationToken);
        for (var i = 0; i < Commits; i++)
        {
            await store.CommitAsync(writer, i);
        }

        return store;
    }

    /// <summary>Commits lines of three days, a position and a key.</summary>
    public async Task CommitAsync(ILogStore writer, int number)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < LinesEach; i++)
        {
            var line = $"line {number}.{i} of {number * 7919 % 101} {new string((char)('a' + (number % 26)), i)}";
            Lines.Add(line);
            Samples.Add(batch, Samples.Day0 + (number % 3 * Timestamps.Day) + i, line);
            batch.Column("n").Set(batch.Count - 1, batch.Append(System.Text.Encoding.ASCII.GetBytes($"{i}")));
        }

        // The last lines of every third commit are of another day: the commit has two blocks.
        if (number % 3 == 2)
        {
            var other = $"other {number}";
            Lines.Add(other);
            Samples.Add(batch, Samples.Day0, other);
        }

        await writer.CommitAsync(new([batch], [Samples.Move(number == 0 ? null : number, number + 1)], [$"key {number}"]), TestContext.Current.CancellationToken);
    }

    public Task<VerificationReport> VerifyAsync() =>
        new StoreVerifier(Data, Options, new VerifyProgress()).RunAsync(TestContext.Current.CancellationToken);

    public Task<RepairReport> RepairAsync() =>
        new StoreRepair(Data, Options, new VerifyProgress()).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>What a search for everything finds, sorted; null where the store refuses to open, as with a damaged catalogue.</summary>
    public async Task<List<string>?> SearchAsync()
    {
        try
        {
            await using var reader = await EmbeddedStore.OpenReaderAsync(Data, Options, TestContext.Current.CancellationToken);
            var lines = await LineSink.ReadAsync(reader);
            lines.Sort(StringComparer.Ordinal);
            return lines;
        }
        catch (LogStoreException)
        {
            return null;
        }
    }

    public List<string> Sorted => [.. Lines.Order(StringComparer.Ordinal)];

    public async Task<SourcePosition> PositionAsync()
    {
        await using var reader = await EmbeddedStore.OpenReaderAsync(Data, Options, TestContext.Current.CancellationToken);
        return Assert.Single(await reader.ReadPositionsAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Changes a file's bytes.</summary>
    public static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    public void Dispose() => _directory.Dispose();
}
