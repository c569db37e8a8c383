using System.Globalization;
using Npgsql;

namespace Puppylog.Storage.Postgres.Schema;

/// <summary>Makes the tables of a store, or brings them up to date. Run again, it changes nothing.</summary>
static class Bootstrap
{
    /// <summary>The last version of TimescaleDB that had distributed hypertables (release notes of 2.14).</summary>
    static readonly Version LastDistributed = new(2, 13, int.MaxValue);

    /// <returns>What was made or found, a line each.</returns>
    /// <exception cref="LogStoreException">It cannot be done; nothing is left half done.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string store, BootstrapOptions options, CancellationToken cancellationToken)
    {
        var address = PostgresAddress.Parse(store);
        var source = address.CreateSource();
        await using (source.ConfigureAwait(false))
        {
            try
            {
                var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    return await RunAsync(connection, address, options, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (PostgresErrors.IsOfServer(e))
            {
                throw PostgresErrors.Describe(e, address);
            }
        }
    }

    static async Task<List<string>> RunAsync(NpgsqlConnection connection, PostgresAddress address, BootstrapOptions options, CancellationToken cancellationToken)
    {
        var told = new List<string>();
        var before = await SchemaCheck.ReadAsync(connection, address, cancellationToken).ConfigureAwait(false);
        SchemaCheck.RefuseNewer(before, address);
        var extension = await ExtensionAsync(connection, cancellationToken).ConfigureAwait(false);
        var timescale = before.Version > 0 ? before.IsTimescale : extension is not null;
        RefuseUnfit(options, extension, timescale, address);
        told.Add($"{address}: PostgreSQL {Major(before.ServerVersion)}{(extension is null ? "" : $", TimescaleDB {extension}")}");

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({SchemaSteps.SchemaLock})"), cancellationToken).ConfigureAwait(false);
            // Another bootstrap may have done it meanwhile.
            var state = await SchemaCheck.ReadAsync(connection, address, cancellationToken).ConfigureAwait(false);
            SchemaCheck.RefuseNewer(state, address);
            foreach (var step in SchemaSteps.All.Where(step => step.Version > state.Version))
            {
                await ExecuteAsync(connection, timescale ? step.Timescale : step.Plain, cancellationToken).ConfigureAwait(false);
            }

            if (state.Version == 0)
            {
                await ExecuteAsync(connection, "CREATE TABLE log_schema (version integer NOT NULL, is_timescale boolean NOT NULL, at timestamptz NOT NULL DEFAULT now())", cancellationToken).ConfigureAwait(false);
                await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO log_schema (version, is_timescale) VALUES ({SchemaSteps.Latest}, {(timescale ? "true" : "false")})"), cancellationToken).ConfigureAwait(false);
                told.Add(string.Create(CultureInfo.InvariantCulture, $"made the tables, version {SchemaSteps.Latest}: logs {(timescale ? "as a hypertable, a chunk a day" : "in partitions, one a day and logs_default for the rest")}"));
                if (extension is not null)
                {
                    told.Add("rows are compressed and dropped by TimescaleDB's policies where --compress-after and --retain say so");
                }
            }
            else if (state.Version < SchemaSteps.Latest)
            {
                await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE log_schema SET version = {SchemaSteps.Latest}, at = now()"), cancellationToken).ConfigureAwait(false);
                told.Add(string.Create(CultureInfo.InvariantCulture, $"brought the tables from version {state.Version} to {SchemaSteps.Latest}"));
            }
            else
            {
                told.Add(string.Create(CultureInfo.InvariantCulture, $"the tables are there, version {state.Version}"));
            }

            await IndexAsync(connection, options, told, cancellationToken).ConfigureAwait(false);
            await TimescalePolicies.ApplyAsync(connection, options, told, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return told;
    }

    static void RefuseUnfit(BootstrapOptions options, string? extension, bool timescale, PostgresAddress address)
    {
        if (options.Distributed && (extension is null || (Version.TryParse(Digits(extension), out var version) && version > LastDistributed)))
        {
            throw new LogStoreException(
                $"{address} {(extension is null ? "has no TimescaleDB" : $"has TimescaleDB {extension}")}, and distributed hypertables are in TimescaleDB 2.0 to 2.13 only: "
                + "leave --distributed out and let replicas (streaming replication) answer the queries, or take ClickHouse where one machine cannot hold the logs");
        }

        if (options.Distributed)
        {
            throw new LogStoreException($"{address} has TimescaleDB {extension}, whose distributed hypertables this puppylog does not make yet; leave --distributed out");
        }

        if (!timescale && (options.CompressAfter ?? options.Retain ?? options.ChunkInterval) is not null)
        {
            throw new LogStoreException(
                $"--compress-after, --retain and --chunk-interval are TimescaleDB's, and {address} {(extension is null ? "has none" : "had none when its tables were made")}; drop old days with 'DROP TABLE logs_YYYYMMDD'");
        }
    }

    static async Task IndexAsync(NpgsqlConnection connection, BootstrapOptions options, List<string> told, CancellationToken cancellationToken)
    {
        if (options.IndexMessage)
        {
            await ExecuteAsync(connection, "CREATE EXTENSION IF NOT EXISTS pg_trgm", cancellationToken).ConfigureAwait(false);
            await ExecuteAsync(connection, "CREATE INDEX IF NOT EXISTS logs_message ON logs USING gin (message gin_trgm_ops)", cancellationToken).ConfigureAwait(false);
            told.Add("the message has a trigram index");
        }

        if (options.IndexData)
        {
            await ExecuteAsync(connection, "CREATE INDEX IF NOT EXISTS logs_data ON logs USING gin (data jsonb_path_ops)", cancellationToken).ConfigureAwait(false);
            told.Add("data has an index by paths");
        }
    }

    /// <summary>The version of TimescaleDB in this database; null where it is not there.</summary>
    static async Task<string?> ExtensionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var version = await SchemaCheck.TextAsync(connection, "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), '')", cancellationToken).ConfigureAwait(false);
        return version.Length == 0 ? null : version;
    }

    static string Digits(string version) => version.Split('-')[0];

    static string Major(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 10_000}.{version % 10_000}");

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
