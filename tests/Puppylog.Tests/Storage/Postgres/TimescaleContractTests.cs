using Npgsql;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Storage.Embedded;
using Puppylog.Tests.Storage.Postgres.Servers;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>The contract as a database with TimescaleDB fulfils it. There is one database, emptied before each test.</summary>
public sealed class TimescaleContractTests(TimescaleServer timescale) : LogStoreContract, IClassFixture<TimescaleServer>
{
    string? _address;

    internal override async Task<ILogStore> OpenAsync()
    {
        if (_address is null)
        {
            _address = await timescale.AddressAsync();
            await EmptyAsync(_address);
            var told = await Bootstrap.RunAsync(_address, new BootstrapOptions(), Cancellation);
            Assert.Contains(told, line => line.Contains("hypertable", StringComparison.Ordinal));
        }

        return await PostgresStore.OpenAsync(_address, TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task Policies_are_set_and_changed_and_rows_come_into_compressed_chunks_too()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(BatchAt(Day0 - (30 * Timestamps.Day), "old")), Cancellation);
        var hours = TimeSpan.FromHours(1);
        await Bootstrap.RunAsync(_address!, new BootstrapOptions(CompressAfter: 7 * 24 * hours, Retain: 90 * 24 * hours, ChunkInterval: 6 * hours), Cancellation);
        var told = await Bootstrap.RunAsync(_address!, new BootstrapOptions(CompressAfter: 3 * 24 * hours, Retain: 60 * 24 * hours), Cancellation);
        Assert.Contains("chunks older than 3 d are compressed", told);
        Assert.Contains("chunks older than 60 d are dropped", told);
        await RunAsync("SELECT compress_chunk(chunk) FROM show_chunks('logs') AS chunk");
        await RunAsync("INSERT INTO logs (time, log_event) VALUES ('2026-10-22 01:00+00', 'of others')");
        await store.CommitAsync(Commit(BatchAt(Day0 - (30 * Timestamps.Day) + 1, "late")), Cancellation);
        Assert.Equal(["old", "late", "of others"], await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Distributed_hypertables_are_refused_with_what_to_use_instead()
    {
        await using var store = await OpenAsync();
        var wrong = await Assert.ThrowsAsync<LogStoreException>(() => Bootstrap.RunAsync(_address!, new BootstrapOptions(Distributed: true), Cancellation));
        Assert.Contains("TimescaleDB 2.0 to 2.13 only", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("replicas", wrong.Message, StringComparison.Ordinal);
    }

    async Task RunAsync(string sql)
    {
        await using var source = PostgresAddress.Parse(_address!).CreateSource();
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    static async Task EmptyAsync(string address)
    {
        await using var source = PostgresAddress.Parse(address).CreateSource();
        await using var command = source.CreateCommand(
            """
            DROP TABLE IF EXISTS logs;
            DROP TABLE IF EXISTS log_commits, log_keys, log_positions, log_streams, log_groups, log_transactions, log_schema CASCADE;
            DROP SEQUENCE IF EXISTS log_batches, log_commit_numbers;
            DROP FUNCTION IF EXISTS puppylog_inserted, puppylog_committing
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
