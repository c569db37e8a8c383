using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>The contract as a PostgreSQL database fulfils it.</summary>
public sealed class PostgresContractTests(SharedPostgres postgres) : LogStoreContract
{
    string? _address;

    internal override async Task<ILogStore> OpenAsync()
    {
        if (_address is null)
        {
            _address = await (await postgres.ServerAsync()).CreateDatabaseAsync();
            await Bootstrap.RunAsync(_address, new BootstrapOptions(), Cancellation);
        }

        return await PostgresStore.OpenAsync(_address, TimeProvider.System, Cancellation);
    }
}
