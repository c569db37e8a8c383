using System.Globalization;
using Npgsql;

namespace Puppylog.Storage.Postgres.Schema;

/// <summary>Asks a database what it is, and refuses what cannot be worked with.</summary>
static class SchemaCheck
{
    /// <summary>The first version that has pg_current_xact_id and rows of partitions that triggers see.</summary>
    public const int OldestServer = 130_000;

    public static async Task<SchemaState> ReadAsync(NpgsqlConnection connection, PostgresAddress address, CancellationToken cancellationToken)
    {
        var server = int.Parse(await TextAsync(connection, "SELECT current_setting('server_version_num')", cancellationToken).ConfigureAwait(false), CultureInfo.InvariantCulture);
        if (server < OldestServer)
        {
            throw new LogStoreException(string.Create(
                CultureInfo.InvariantCulture, $"{address} is PostgreSQL {server / 10_000}; puppylog needs version {OldestServer / 10_000} or later"));
        }

        if (await TextAsync(connection, "SELECT coalesce(to_regclass('log_schema')::text, '')", cancellationToken).ConfigureAwait(false) == "")
        {
            return new(0, false, server);
        }

        using var command = new NpgsqlCommand("SELECT version, is_timescale FROM log_schema", connection);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                ? new(reader.GetInt32(0), reader.GetBoolean(1), server)
                : new(0, false, server);
        }
    }

    /// <exception cref="LogStoreException">The schema is missing, or of another version than this program's.</exception>
    public static void Require(SchemaState state, PostgresAddress address)
    {
        if (state.Version == 0)
        {
            throw new LogStoreException(PostgresErrors.NotBootstrapped(address));
        }

        if (state.Version < SchemaSteps.Latest)
        {
            throw new LogStoreException(string.Create(
                CultureInfo.InvariantCulture,
                $"{address} has tables of version {state.Version}, and this puppylog works with version {SchemaSteps.Latest}: run 'puppylog bootstrap --store {address}' to bring them up to date"));
        }

        RefuseNewer(state, address);
    }

    /// <exception cref="LogStoreException">A newer program made the tables.</exception>
    public static void RefuseNewer(SchemaState state, PostgresAddress address)
    {
        if (state.Version > SchemaSteps.Latest)
        {
            throw new LogStoreException(string.Create(
                CultureInfo.InvariantCulture,
                $"{address} has tables of version {state.Version}, made by a newer puppylog; this one knows version {SchemaSteps.Latest} and leaves them alone"));
        }
    }

    public static async Task<string> TextAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }
}
