using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>
/// A writer that is killed when its commit is in the catalogue's write-ahead log, and the index of the log does not tell of it
/// yet. While a reader is attached, the next writer goes by that index; once nobody is, the log is read anew, commit and all.
/// </summary>
public sealed class UnindexedCommitTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly TemporaryDirectory _other = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static EmbeddedStoreOptions Options { get; } = new(TimeProvider.System) { Codec = new LineCodec(), UpkeepInterval = Timeout.InfiniteTimeSpan };

    public void Dispose()
    {
        _directory.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task What_a_start_has_cut_off_does_not_come_back_in_the_catalogue()
    {
        SqliteConnection reader;
        await using (var killed = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))
        {
            await killed.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
            await killed.CommitAsync(Commit(Batch("b"), Move(1, 2)), Cancellation);
            reader = Attach(_directory.Data);
        }

        await using (reader)
        {
            await LeaveCommitAsync("c", Move(2, 3));
            await using (var next = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))
            {
                Assert.Equal(["a", "b"], Lines(((IEmbeddedStore)next).Snapshot()));
            }
        }

        await using var last = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation);
        Assert.Equal(0, ((IEmbeddedStore)last).ReadStatus().DamagedBlocks);
        Assert.Equal(["a", "b"], Lines(((IEmbeddedStore)last).Snapshot()));
        Assert.Equal([Position(2)], await last.ReadPositionsAsync(Cancellation));
    }

    /// <summary>Leaves a commit as a kill between the log and its index does: made in a copy, whose log and segment are then put here.</summary>
    async Task LeaveCommitAsync(string line, PositionChange move)
    {
        Copy(_directory.Data, _other.Data);
        await using var attached = Attach(_other.Data);
        await using var store = await EmbeddedStore.OpenWriterAsync(_other.Data, Options, Cancellation);
        await store.CommitAsync(Commit(Batch(line), move), Cancellation);
        var (before, after) = (Read(DataLayout.CatalogFile(_directory.Data) + "-wal"), Read(DataLayout.CatalogFile(_other.Data) + "-wal"));
        // With the same salts: it goes on with the frames of the original.
        Assert.Equal(before[..32], after[..32]);
        Assert.NotEqual(before, after);
        foreach (var path in Directory.GetFiles(_other.Data, "*", SearchOption.AllDirectories).Where(path => path.EndsWith(".seg", StringComparison.Ordinal) || path.EndsWith("-wal", StringComparison.Ordinal)))
        {
            using var target = new FileStream(Path.Combine(_directory.Data, Path.GetRelativePath(_other.Data, path)), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            target.Write(Read(path));
        }
    }

    /// <summary>While somebody is, the log stays as it is when others leave.</summary>
    static SqliteConnection Attach(string data)
    {
        var connection = new SqliteConnection($"Data Source={DataLayout.CatalogFile(data)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT last_commit FROM store";
        Assert.Equal(2L, command.ExecuteScalar());
        return connection;
    }

    static void Copy(string from, string to)
    {
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, Read(path));
        }
    }

    static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
