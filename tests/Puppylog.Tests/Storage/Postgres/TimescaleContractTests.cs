using Npgsql;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Storage.Postgres.Servers;

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
