using System.Globalization;
using Npgsql;

namespace Puppylog.Storage.Postgres.Schema;

/// <summary>TimescaleDB's own jobs: compression, retention, and how much time a chunk holds.</summary>
static class TimescalePolicies
{
    public static async Task ApplyAsync(NpgsqlConnection connection, BootstrapOptions options, List<string> told, CancellationToken cancellationToken)
    {
        if (options.ChunkInterval is { } chunk)
        {
            await RunAsync(connection, "SELECT set_chunk_time_interval('logs', make_interval(secs => $1))", chunk, cancellationToken).ConfigureAwait(false);
            told.Add($"chunks from now on hold {Text(chunk)}");
        }

        if (options.CompressAfter is { } compress)
        {
            await Bootstrap.ExecuteAsync(
                connection,
                "ALTER TABLE logs SET (timescaledb.compress, timescaledb.compress_segmentby = 'application_name', timescaledb.compress_orderby = 'time, nanos, seq')",
                cancellationToken).ConfigureAwait(false);
            await Bootstrap.ExecuteAsync(connection, "SELECT remove_compression_policy('logs', if_exists => true)", cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, "SELECT add_compression_policy('logs', make_interval(secs => $1))", compress, cancellationToken).ConfigureAwait(false);
            told.Add($"chunks older than {Text(compress)} are compressed");
        }

        if (options.Retain is { } retain)
        {
            await Bootstrap.ExecuteAsync(connection, "SELECT remove_retention_policy('logs', if_exists => true)", cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, "SELECT add_retention_policy('logs', make_interval(secs => $1))", retain, cancellationToken).ConfigureAwait(false);
            told.Add($"chunks older than {Text(retain)} are dropped");
        }
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = interval.TotalSeconds });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    static string Text(TimeSpan span) =>
        span.TotalDays >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.##} d") : string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.##} h");
}
