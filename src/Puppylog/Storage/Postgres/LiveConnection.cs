using Npgsql;

namespace Puppylog.Storage.Postgres;

/// <summary>Connections that answer: those that are kept may have been ended by a server that was restarted meanwhile.</summary>
static class LiveConnection
{
    const string Question = "SELECT 1";

    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var command = new NpgsqlCommand(Question, connection);
            await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (!PostgresErrors.IsOfServer(e) || !PostgresErrors.IsTransient(e))
            {
                throw;
            }
        }

        source.Clear();
        return await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
    }

    public static NpgsqlConnection Open(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            using var command = new NpgsqlCommand(Question, connection);
            command.ExecuteScalar();
            return connection;
        }
        catch (Exception e)
        {
            connection.Dispose();
            if (!PostgresErrors.IsOfServer(e) || !PostgresErrors.IsTransient(e))
            {
                throw;
            }
        }

        source.Clear();
        return source.OpenConnection();
    }
}
