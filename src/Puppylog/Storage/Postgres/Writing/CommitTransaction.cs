using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>
/// One commit as one transaction: positions compared and moved, rows by binary COPY, then its number and keys. One thread
/// at a time.
/// </summary>
/// <remarks>
/// Where the connection breaks while COMMIT is under way, nobody knows the outcome. The commit's token tells it: the next
/// attempt looks for it first, and a server process that still has the earlier attempt in hand makes the next one wait at
/// the positions or at the token, both of which are unique.
/// </remarks>
sealed class CommitTransaction(StreamBook streams, DayPartitions? days) : IDisposable
{
    readonly CopyBuffer _buffer = new();

    /// <summary>Values of which bytes were replaced, of all commits.</summary>
    public long Replaced { get; private set; }

    /// <exception cref="PositionConflictException">A position is not the one that the change starts from.</exception>
    public async Task<CommitReceipt> RunAsync(NpgsqlConnection connection, PendingWrite write, CancellationToken cancellationToken)
    {
        var request = write.Request;
        if (write.Attempts++ > 0 && await FindAsync(connection, write.Token, cancellationToken).ConfigureAwait(false) is { } done)
        {
            return done;
        }

        var numbers = new int[request.Batches.Count][];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = await streams.NumbersAsync(connection, request.Batches[i], cancellationToken).ConfigureAwait(false);
        }

        if (days is not null)
        {
            await days.PrepareAsync(connection, request.Batches, cancellationToken).ConfigureAwait(false);
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            byte[][] keys = [.. request.IdempotencyKeys.Distinct(StringComparer.Ordinal).Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key))).OrderBy(Convert.ToHexString, StringComparer.Ordinal)];
            if (keys.Length > 0 && await FindKeyAsync(connection, keys, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known;
            }

            if (await MovePositionsAsync(connection, request.Positions, cancellationToken).ConfigureAwait(false) is { } conflict)
            {
                await transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);
                // The earlier attempt may have been the one that moved it.
                return write.Attempts > 1 && await FindAsync(connection, write.Token, cancellationToken).ConfigureAwait(false) is { } earlier
                    ? earlier
                    : throw new PositionConflictException(conflict.To.Source, conflict.To.Path);
            }

            var (batches, records) = await CopyAsync(connection, request.Batches, numbers, cancellationToken).ConfigureAwait(false);
            var (number, keysTaken) = await FinishAsync(connection, write, keys, batches, records, cancellationToken).ConfigureAwait(false);
            if (!keysTaken)
            {
                // Another process has stored the same meanwhile.
                await transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);
                return await FindKeyAsync(connection, keys, cancellationToken).ConfigureAwait(false)
                    ?? throw new LogStoreException("an idempotency key came and went") { IsTransient = true };
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return new(number, records, AlreadyStored: false);
        }
    }

    /// <summary>The commit of that token, where it was committed.</summary>
    static async Task<CommitReceipt?> FindAsync(NpgsqlConnection connection, Guid token, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT number, records FROM log_commits WHERE token = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = token });
        return await ReceiptAsync(command, alreadyStored: false, cancellationToken).ConfigureAwait(false);
    }

    static async Task<CommitReceipt?> FindKeyAsync(NpgsqlConnection connection, byte[][] keys, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT number, 0::bigint FROM log_keys WHERE key = ANY ($1) ORDER BY number LIMIT 1", connection);
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = keys });
        return await ReceiptAsync(command, alreadyStored: true, cancellationToken).ConfigureAwait(false);
    }

    static async Task<CommitReceipt?> ReceiptAsync(NpgsqlCommand command, bool alreadyStored, CancellationToken cancellationToken)
    {
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? new(reader.GetInt64(0), reader.GetInt64(1), alreadyStored) : null;
        }
    }

    /// <summary>Moves all, in one order whoever does it; the first that is not where it should be, or null.</summary>
    static async Task<PositionChange?> MovePositionsAsync(NpgsqlConnection connection, IReadOnlyList<PositionChange> positions, CancellationToken cancellationToken)
    {
        if (positions.Count == 0)
        {
            return null;
        }

        PositionChange[] ordered = [.. positions.OrderBy(move => move.To.Source, StringComparer.Ordinal)];
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            foreach (var move in ordered)
            {
                batch.BatchCommands.Add(PositionStatements.Move(move));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < ordered.Length; i++)
            {
                if (batch.BatchCommands[i].RecordsAffected != 1)
                {
                    return ordered[i];
                }
            }
        }

        return null;
    }

    /// <returns>The numbers of the batches, and how many rows were copied.</returns>
    async Task<(long[] Batches, long Records)> CopyAsync(NpgsqlConnection connection, IReadOnlyList<RecordBatch> batches, int[][] streamNumbers, CancellationToken cancellationToken)
    {
        var records = batches.Sum(batch => (long)batch.Count);
        if (records == 0)
        {
            return ([], 0);
        }

        var numbers = await BatchNumbersAsync(connection, batches.Count, cancellationToken).ConfigureAwait(false);
        var encoder = new BatchEncoder(_buffer);
        _buffer.Clear();
        _buffer.Header();
        var copy = await connection.BeginRawBinaryCopyAsync(BatchEncoder.CopyCommand, cancellationToken).ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            for (var i = 0; i < batches.Count; i++)
            {
                encoder.Begin(batches[i], numbers[i], streamNumbers[i]);
                for (var row = 0; row < batches[i].Count; row++)
                {
                    encoder.Encode(row);
                    if (_buffer.Length >= CopyBuffer.FullLength)
                    {
                        await copy.WriteAsync(_buffer.Written, cancellationToken).ConfigureAwait(false);
                        _buffer.Clear();
                    }
                }
            }

            _buffer.Trailer();
            await copy.WriteAsync(_buffer.Written, cancellationToken).ConfigureAwait(false);
        }

        Replaced += encoder.Replaced;
        return (numbers, records);
    }

    static async Task<long[]> BatchNumbersAsync(NpgsqlConnection connection, int count, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT nextval('log_batches') FROM generate_series(1, $1)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var numbers = new List<long>(count);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                numbers.Add(reader.GetInt64(0));
            }

            return [.. numbers];
        }
    }

    /// <summary>Takes the commit's number, under the lock that keeps numbers in the order of commits, and tells of it.</summary>
    static async Task<(long Number, bool KeysTaken)> FinishAsync(
        NpgsqlConnection connection, PendingWrite write, byte[][] keys, long[] batches, long records, CancellationToken cancellationToken)
    {
        var (min, max) = Times(write.Request.Batches);
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            batch.BatchCommands.Add(new(string.Create(CultureInfo.InvariantCulture, $"SELECT 0::bigint FROM pg_advisory_xact_lock({SchemaSteps.CommitLock})")));
            var number = new NpgsqlBatchCommand(
                "INSERT INTO log_commits (number, token, records, batches, min_time, max_time) VALUES (nextval('log_commit_numbers'), $1, $2, $3, $4, $5) RETURNING number");
            number.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = write.Token });
            number.Parameters.Add(new NpgsqlParameter<long> { TypedValue = records });
            number.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = batches });
            number.Parameters.Add(new NpgsqlParameter<long> { TypedValue = PostgresTime.Microseconds(min), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            number.Parameters.Add(new NpgsqlParameter<long> { TypedValue = PostgresTime.Microseconds(max), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            batch.BatchCommands.Add(number);
            if (keys.Length > 0)
            {
                var taken = new NpgsqlBatchCommand("INSERT INTO log_keys (key, number, records) SELECT key, currval('log_commit_numbers'), $2 FROM unnest($1) AS key ON CONFLICT DO NOTHING");
                taken.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = keys });
                taken.Parameters.Add(new NpgsqlParameter<long> { TypedValue = records });
                batch.BatchCommands.Add(taken);
            }

            batch.BatchCommands.Add(new($"SELECT 0::bigint FROM (SELECT pg_notify('{SchemaSteps.Channel}', currval('log_commit_numbers')::text)) AS told"));
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            var result = 0L;
            await using (reader.ConfigureAwait(false))
            {
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                result = reader.GetInt64(0);
                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                }
            }

            return (result, keys.Length == 0 || batch.BatchCommands[2].RecordsAffected == keys.Length);
        }
    }

    static (long Min, long Max) Times(IReadOnlyList<RecordBatch> batches)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var batch in batches)
        {
            foreach (var time in batch.Times)
            {
                min = Math.Min(min, time);
                max = Math.Max(max, time);
            }
        }

        return min > max ? (0, 0) : (min, max);
    }

    public void Dispose() => _buffer.Dispose();
}
