using System.Globalization;
using Npgsql;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>Rows in the order asked for, a block at a time, as of the moment when the transaction began.</summary>
/// <param name="connection">In a transaction.</param>
/// <param name="streams">Names streams.</param>
sealed class RowCursor(NpgsqlConnection connection, StreamBook streams)
{
    /// <summary>Oldest first; those of one time as they were stored.</summary>
    public const string Ascending = "time, nanos, seq";
    public const string Descending = "time DESC, nanos DESC, seq DESC";

    readonly RowDecoder _decoder = new();
    byte[] _row = new byte[4096];

    public static string Statement(string selected, string condition, string order) => $"SELECT {selected} FROM logs WHERE {condition} ORDER BY {order}";

    public async Task OpenAsync(string condition, IEnumerable<NpgsqlParameter> parameters, string order, long? limit, CancellationToken cancellationToken)
    {
        var sql = $"DECLARE puppylog_rows NO SCROLL CURSOR FOR {Statement(RowDecoder.Selected, condition, order)}";
        if (limit is { } count)
        {
            sql += string.Create(CultureInfo.InvariantCulture, $" LIMIT {count}");
        }

        using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next rows into an empty batch; false where there are none.</summary>
    /// <param name="count">How many at most; fewer where they are long.</param>
    public async Task<bool> ReadAsync(RecordBatch batch, int count, CancellationToken cancellationToken)
    {
        _decoder.Begin(batch);
        using (var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"FETCH {count} FROM puppylog_rows"), connection))
        {
            var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    _decoder.Add(Row(reader));
                }
            }
        }

        if (batch.Count == 0)
        {
            return false;
        }

        await streams.NameAsync(connection, batch, _decoder.Streams.ToArray(), cancellationToken).ConfigureAwait(false);
        return true;
    }

    ReadOnlySpan<byte> Row(NpgsqlDataReader reader)
    {
        var length = (int)reader.GetBytes(0, 0, null, 0, 0);
        if (length > _row.Length)
        {
            _row = new byte[Math.Max(length, _row.Length * 2)];
        }

        for (var at = 0; at < length;)
        {
            at += (int)reader.GetBytes(0, at, _row, at, length - at);
        }

        return _row.AsSpan(0, length);
    }
}
