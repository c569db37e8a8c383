using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Status;
using Puppylog.Storage.Embedded.Verification;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>Data directories of versions before and after this one.</summary>
public sealed class OldCatalogTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    EmbeddedStoreOptions Options { get; } = new(TimeProvider.System)
    {
        Codec = new LineCodec(),
        PollInterval = TimeSpan.FromMilliseconds(20),
        UpkeepInterval = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Catalogue_from_before_compaction_is_read_as_it_is()
    {
        await MakeOldAsync();
        await using var reader = await OpenReaderAsync();

        await AssertReadableAsync(reader);
        Assert.Equal(1, Version());
    }

    [Fact]
    public async Task Catalogue_from_before_compaction_is_read_where_nothing_can_be_written()
    {
        await MakeOldAsync();
        using var unwritable = new Unwritable(_directory.Data);
        await using var reader = await OpenReaderAsync();

        await AssertReadableAsync(reader);
    }

    [Fact]
    public async Task Survey_and_verification_know_catalogues_from_before_compaction()
    {
        await MakeOldAsync();

        var survey = await new StoreSurveyor(_directory.Data, Options).RunAsync(withColumns: false, Cancellation);
        var report = await new StoreVerifier(_directory.Data, Options, new VerifyProgress()).RunAsync(Cancellation);

        Assert.Equal(3, survey.Status.Records);
        Assert.True(report.IsClean);
        Assert.Equal(1, Version());
    }

    [Fact]
    public async Task Writer_brings_an_old_catalogue_up_to_date_while_readers_have_it_open()
    {
        await MakeOldAsync();
        await using var reader = await OpenReaderAsync();
        await AssertReadableAsync(reader);
        await using (var writer = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))
        {
            await writer.CommitAsync(Commit(Batch("d"), Move(2, 3)), Cancellation);
            Assert.Equal(1, (await writer.CompactAsync(null, Cancellation)).SegmentsAfter);
            Assert.Equal(["a", "b", "c", "d"], await LineSink.ReadAsync(writer));
        }

        Assert.Equal(6, Version());
        Assert.Equal(["a", "b", "c", "d"], await LineSink.ReadAsync(reader));
        Assert.Equal((1, 3, 1), (((IEmbeddedStore)reader).ReadStatus().Blocks, ((IEmbeddedStore)reader).ReadStatus().LastCommit, ((IEmbeddedStore)reader).ReadStatus().Compaction.BlocksAfter));
    }

    [Fact]
    public async Task Catalogue_of_a_later_version_is_refused_by_readers_and_writers()
    {
        await MakeOldAsync();
        Run("PRAGMA user_version = 7");
        var expected = $"the store in {_directory.Data} was written by a newer Puppylog (catalogue version 7, known up to 6); update Puppylog";

        Assert.Equal(expected, (await Assert.ThrowsAsync<LogStoreException>(OpenReaderAsync)).Message);
        Assert.Equal(
            expected, (await Assert.ThrowsAsync<LogStoreException>(() => EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))).Message);
    }

    [Fact]
    public async Task Reader_says_that_a_later_version_has_taken_over_the_store_meanwhile()
    {
        await MakeOldAsync();
        await using var reader = await OpenReaderAsync();
        Run("PRAGMA user_version = 7");

        var refusal = await Assert.ThrowsAsync<LogStoreException>(() => LineSink.ReadAsync(reader));

        Assert.Contains("was written by a newer Puppylog", refusal.Message, StringComparison.Ordinal);
    }

    static async Task AssertReadableAsync(ILogStore store)
    {
        var status = ((IEmbeddedStore)store).ReadStatus();
        Assert.Equal((1, 2, 3, 2), (status.Segments, status.Blocks, status.Records, status.LastCommit));
        Assert.Equal(["a", "b", "c"], await LineSink.ReadAsync(store));
        Assert.Equal([Position(2)], await store.ReadPositionsAsync(Cancellation));
    }

    /// <summary>Three lines in two commits, with the catalogue as the first version has made it.</summary>
    async Task MakeOldAsync()
    {
        await using (var writer = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))
        {
            await writer.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
            await writer.CommitAsync(Commit(Batch("b", "c"), Move(1, 2)), Cancellation);
        }

        Run("DROP TABLE api_keys; DROP TABLE alert_items; DROP TABLE alert_states; DROP TABLE alert_signals; DROP TABLE metrics; DROP TABLE metric_values; DROP TABLE metric_counts; DROP TABLE groups; DROP TABLE parts; DROP TABLE leavings; DROP TABLE upkeep; ALTER TABLE segments DROP COLUMN written; PRAGMA user_version = 1");
    }

    Task<ILogStore> OpenReaderAsync() => EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);

    long Version() => (long)Run("PRAGMA user_version")!;

    object? Run(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(_directory.Data, "catalog.db"),
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
