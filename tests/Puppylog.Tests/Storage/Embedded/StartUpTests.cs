using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class StartUpTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly List<CorruptDataException> _damage = [];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    string Segment => Path.Combine(_directory.Data, "days/2026-11-21/00000001.seg");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Directory_is_made_for_its_owner_only()
    {
        await FillAsync("a");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(_directory.Data).UnixFileMode);
        Assert.True(File.Exists(Segment));
        Assert.False(File.Exists(Path.Combine(_directory.Data, "puppylog.sock")));
    }

    [Fact]
    public async Task Tail_behind_the_recorded_length_goes_to_quarantine()
    {
        await FillAsync("a");
        var length = new FileInfo(Segment).Length;
        await File.AppendAllTextAsync(Segment, "left by a crash", Cancellation);

        await FillAsync("b");

        var kept = Path.Combine(_directory.Data, $"quarantine/00000001.tail-{length}");
        Assert.Equal("left by a crash", await File.ReadAllTextAsync(kept, Cancellation));
        Assert.Contains("days/2026-11-21/00000001.seg: 15 bytes behind", await File.ReadAllTextAsync(kept + ".txt", Cancellation), StringComparison.Ordinal);
        Assert.Equal(["a", "b"], await ReadAsync());
    }

    [Fact]
    public async Task Segment_that_nobody_recorded_goes_to_quarantine_and_its_number_is_not_used()
    {
        await FillAsync("a");
        var left = Path.Combine(_directory.Data, "days/2026-11-22/00000002.seg");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "x", Cancellation);

        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(BatchAt(Day0 + (24 * 3600 * 1_000_000_000L), "b")), Cancellation);

        Assert.False(File.Exists(left));
        Assert.True(File.Exists(Path.Combine(_directory.Data, "quarantine/00000002.whole")));
        Assert.True(File.Exists(Path.Combine(_directory.Data, "days/2026-11-22/00000003.seg")));
        Assert.Equal(1, ((IEmbeddedStore)store).ReadStatus().QuarantinedFiles);
    }

    [Fact]
    public async Task More_than_a_crash_can_leave_is_refused_and_nothing_is_touched()
    {
        await FillAsync("a");
        using (var file = File.OpenWrite(Segment))
        {
            file.SetLength(200L << 20);
        }

        var refusal = await Assert.ThrowsAnyAsync<LogStoreException>(OpenAsync);
        Assert.Contains("puppylog store verify --repair", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(200L << 20, new FileInfo(Segment).Length);
        Assert.False(Directory.Exists(Path.Combine(_directory.Data, "quarantine")));
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("emptied")]
    [InlineData("log lost")]
    public async Task Segments_without_a_catalogue_are_refused(string how)
    {
        await FillAsync("a");
        var catalog = Path.Combine(_directory.Data, "catalog.db");
        File.Delete(catalog);
        if (how == "emptied")
        {
            await File.WriteAllTextAsync(catalog, "", Cancellation);
        }
        else if (how == "log lost")
        {
            // What is left of one whose only log was removed: a first page that says WAL, and no table.
            using var connection = new SqliteConnection($"Data Source={catalog};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL";
            command.ExecuteNonQuery();
        }

        foreach (var open in new[] { OpenAsync, OpenReaderAsync })
        {
            var refusal = await Assert.ThrowsAnyAsync<LogStoreException>(open);
            Assert.Contains("puppylog store verify --repair", refusal.Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Segment));
        Assert.Equal(how != "removed", File.Exists(catalog));
    }

    [Fact]
    public async Task Segment_that_has_become_shorter_costs_its_missing_blocks_only()
    {
        await FillAsync("a");
        var length = new FileInfo(Segment).Length;
        await FillAsync("b");
        using (var file = File.OpenWrite(Segment))
        {
            file.SetLength(length + 100);
        }

        await FillAsync("c");
        Assert.Equal(["a", "c"], await ReadAsync());
        Assert.Contains("00000001.seg ends before byte", Assert.Single(_damage).Message, StringComparison.Ordinal);
        await using var reader = await OpenReaderAsync();
        Assert.Equal(1, ((IEmbeddedStore)reader).ReadStatus().DamagedBlocks);
    }

    [Fact]
    public async Task Missing_segment_costs_its_blocks_only()
    {
        await FillAsync("a");
        File.Delete(Segment);
        await FillAsync("b");
        Assert.Equal(["b"], await ReadAsync());
        Assert.Contains("00000001.seg cannot be opened", Assert.Single(_damage).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Directory_that_is_removed_while_it_is_written_to_takes_no_more(bool replaced)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        Directory.Delete(_directory.Data, recursive: true);
        if (replaced)
        {
            Directory.CreateDirectory(_directory.Data);
            await File.WriteAllTextAsync(Path.Combine(_directory.Data, "lock"), "1\n", Cancellation);
        }

        var refusal = await Assert.ThrowsAnyAsync<LogStoreException>(() => store.CommitAsync(Commit(Batch("b")), Cancellation));
        Assert.Contains($"{_directory.Data} was removed or replaced", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalogue_of_a_newer_version_is_refused()
    {
        await FillAsync("a");
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory.Data, "catalog.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Assert.Contains("newer Puppylog", (await Assert.ThrowsAnyAsync<LogStoreException>(OpenAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("newer Puppylog", (await Assert.ThrowsAnyAsync<LogStoreException>(OpenReaderAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_that_cannot_be_written_is_a_clear_error()
    {
        await File.WriteAllTextAsync(_directory.Data, "a file", Cancellation);
        var refusal = await Assert.ThrowsAnyAsync<LogStoreException>(OpenAsync);
        Assert.StartsWith($"cannot write into the data directory {_directory.Data}: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("--data DIR", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalogue_that_is_none_is_a_clear_error()
    {
        await FillAsync("a");
        await File.WriteAllTextAsync(Path.Combine(_directory.Data, "catalog.db"), new string('x', 10_000), Cancellation);
        foreach (var open in new[] { OpenAsync, OpenReaderAsync })
        {
            Assert.Contains("puppylog store verify --repair", (await Assert.ThrowsAnyAsync<LogStoreException>(open)).Message, StringComparison.Ordinal);
        }
    }

    async Task FillAsync(string line)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch(line)), Cancellation);
    }

    async Task<List<string>> ReadAsync()
    {
        await using var reader = await OpenReaderAsync();
        return await LineSink.ReadAsync(reader, _damage.Add);
    }

    EmbeddedStoreOptions Options() => new(TimeProvider.System) { Codec = new LineCodec() };

    Task<ILogStore> OpenAsync() => EmbeddedStore.OpenWriterAsync(_directory.Data, Options(), Cancellation);

    Task<ILogStore> OpenReaderAsync() => EmbeddedStore.OpenReaderAsync(_directory.Data, Options(), Cancellation);
}
