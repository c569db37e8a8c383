using Npgsql;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>How far sources were read: compared and moved in the transaction of their records.</summary>
static class PositionStatements
{
    const string First =
        "INSERT INTO log_positions (source, generation, position, line, path, fingerprint_length, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

    const string Next =
        "UPDATE log_positions SET generation = $2, position = $3, line = $4, path = $5, fingerprint_length = $6, fingerprint = $7, at = now() "
        + "WHERE md5(source) = md5($1) AND source = $1 AND generation = $8 AND position = $9";

    /// <summary>Changes one row where the stored position is the one that the move starts from, else none.</summary>
    public static NpgsqlBatchCommand Move(PositionChange move)
    {
        var to = move.To;
        var command = new NpgsqlBatchCommand(move.From is null ? First : Next);
        Add(command, Text(to.Source));
        Add(command, to.Generation);
        Add(command, to.Offset);
        Add(command, to.Line);
        Add(command, Text(to.Path));
        Add(command, to.FingerprintLength);
        Add(command, unchecked((long)to.Fingerprint));
        if (move.From is { } from)
        {
            Add(command, from.Generation);
            Add(command, from.Offset);
        }

        return command;
    }

    public static async Task<List<SourcePosition>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT source, generation, position, line, path, fingerprint_length, fingerprint FROM log_positions", connection);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var positions = new List<SourcePosition>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                positions.Add(new(
                    reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt32(5), unchecked((ulong)reader.GetInt64(6))));
            }

            return positions;
        }
    }

    static string Text(string text) => text.Replace('\0', '\uFFFD');

    static void Add<T>(NpgsqlBatchCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
