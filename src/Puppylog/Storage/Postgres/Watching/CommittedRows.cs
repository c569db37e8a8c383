using Npgsql;
using NpgsqlTypes;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Reading;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Watching;

/// <summary>The rows of commits, by their numbers.</summary>
sealed class CommittedRows(NpgsqlDataSource source, StreamBook streams)
{
    /// <summary>Commits that are read in one transaction.</summary>
    const int MostCommits = 16;

    const int RowsOfBlock = 8000;

    /// <summary>The next commits after a number, in their order; fewer than all there are.</summary>
    public async Task<IReadOnlyList<CommittedBlocks>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var commits = await CommitsAsync(connection, after, cancellationToken).ConfigureAwait(false);
            var read = new List<CommittedBlocks>(commits.Count);
            foreach (var commit in commits)
            {
                read.Add(new(commit.Number, await BlocksAsync(connection, commit, cancellationToken).ConfigureAwait(false)));
            }

            return read;
        }
    }

    static async Task<List<CommitEntry>> CommitsAsync(NpgsqlConnection connection, long after, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT number, batches, min_time, max_time, xact::text FROM log_commits WHERE number > $1 ORDER BY number LIMIT $2", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = MostCommits });
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var commits = new List<CommitEntry>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var isForeign = !reader.IsDBNull(4);
                commits.Add(new(
                    reader.GetInt64(0),
                    isForeign ? [] : reader.GetFieldValue<long[]>(1),
                    isForeign ? 0 : reader.GetFieldValue<long>(2),
                    isForeign ? 0 : reader.GetFieldValue<long>(3),
                    isForeign ? reader.GetString(4) : null));
            }

            return commits;
        }
    }

    async Task<List<RecordBlock>> BlocksAsync(NpgsqlConnection connection, CommitEntry commit, CancellationToken cancellationToken)
    {
        var blocks = new List<RecordBlock>();
        if (commit.Xact is null && commit.Batches.Length == 0)
        {
            return blocks;
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var cursor = new RowCursor(connection, streams);
            await cursor.OpenAsync(Condition(commit), Parameters(commit), "seq", null, cancellationToken).ConfigureAwait(false);
            var batch = new RecordBatch(RecordShape.Plain);
            while (await cursor.ReadAsync(batch, RowsOfBlock, cancellationToken).ConfigureAwait(false))
            {
                blocks.Add(new RowBlock(batch, blocks.Count));
                batch = new RecordBatch(RecordShape.Plain);
            }
        }

        return blocks;
    }

    /// <summary>Rows of a batch share the upper bits of <c>seq</c>; the times leave out the partitions that have none of them.</summary>
    static string Condition(CommitEntry commit) =>
        commit.Xact is not null
            ? "xact = $1::text::xid8"
            : $"time BETWEEN $1 AND $2 AND ({string.Join(" OR ", commit.Batches.Select((_, i) => FormattableString.Invariant($"seq BETWEEN ${(i * 2) + 3} AND ${(i * 2) + 4}")))})";

    static IEnumerable<NpgsqlParameter> Parameters(CommitEntry commit)
    {
        if (commit.Xact is { } xact)
        {
            yield return new NpgsqlParameter<string> { TypedValue = xact, NpgsqlDbType = NpgsqlDbType.Text };
            yield break;
        }

        yield return new NpgsqlParameter<long> { TypedValue = commit.MinTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
        yield return new NpgsqlParameter<long> { TypedValue = commit.MaxTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
        foreach (var batch in commit.Batches)
        {
            yield return new NpgsqlParameter<long> { TypedValue = batch << SchemaSteps.PlaceBits };
            yield return new NpgsqlParameter<long> { TypedValue = ((batch + 1) << SchemaSteps.PlaceBits) - 1 };
        }
    }

    /// <param name="Number">The commit's.</param>
    /// <param name="Batches">The numbers of its batches.</param>
    /// <param name="MinTime">As PostgreSQL has it.</param>
    /// <param name="MaxTime">As PostgreSQL has it.</param>
    /// <param name="Xact">The transaction of somebody else who wrote the rows; null for our own.</param>
    readonly record struct CommitEntry(long Number, long[] Batches, long MinTime, long MaxTime, string? Xact);
}
