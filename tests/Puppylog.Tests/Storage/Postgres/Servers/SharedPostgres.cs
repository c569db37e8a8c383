[assembly: AssemblyFixture(typeof(Puppylog.Tests.Storage.Postgres.Servers.SharedPostgres))]

namespace Puppylog.Tests.Storage.Postgres.Servers;

/// <summary>One PostgreSQL for all tests, started by the first that asks; a database for each.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1);
    PostgresServer? _server;

    public async Task<PostgresServer> ServerAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _server ??= await PostgresServer.StartAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }
}
