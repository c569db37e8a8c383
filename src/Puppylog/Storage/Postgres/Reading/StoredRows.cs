using System.Globalization;
using Npgsql;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Reading.Pushing;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>
/// Queries over the table: the server narrows the rows down and orders them (<see cref="FilterSql"/>), the filter and the
/// pipes are run here on what comes.
/// </summary>
sealed class StoredRows(NpgsqlDataSource source, PostgresAddress address, StreamBook streams)
{
    /// <summary>Rows of a block: few at first, as the query may want no more.</summary>
    const int FirstRows = 1000;
    const int MostRows = 8000;

    /// <returns>The last commit that the result covers.</returns>
    public async Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await LiveConnection.OpenAsync(source, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var covered = await LastCommitAsync(connection, cancellationToken).ConfigureAwait(false);
                    await RunAsync(query, sink, connection, cancellationToken).ConfigureAwait(false);
                    return covered;
                }
            }
        }
        catch (Exception e) when (PostgresErrors.IsOfServer(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw PostgresErrors.Describe(e, address);
        }
    }

    public static async Task<long> LastCommitAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand("SELECT coalesce(max(number), 0) FROM log_commits", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>The statement that a query becomes, and what is done here with its rows.</summary>
    /// <param name="query">The query.</param>
    /// <param name="serverVersion">The server's major version.</param>
    public static string Explain(LogQuery query, int serverVersion)
    {
        var parts = new LogQueryParts(query, readsRaw: false);
        if (parts.Plan.MinTime > parts.Plan.MaxTime)
        {
            return "No record can match: nothing is asked.";
        }

        if (serverVersion >= StatsStatement.FirstServer && StatsStatement.Of(parts) is { } statement)
        {
            return $"""
                The server filters and counts:
                  {statement.Sql}
                  {statement.Parameters.Describe()}
                Here, on its groups:
                {PlanText.OfPipes(query.Pipes.SkipWhile(pipe => pipe is FilterPipe).SkipWhile((pipe, at) => at == 0 && pipe is StatsPipe))}
                Where the last column says that rows have a field in another place, they are read and counted here instead.
                """;
        }

        var sql = FilterSql.Of(parts.Filters, parts.Plan.MinTime, parts.Plan.MaxTime);
        var isNewest = parts.Plan.Newest is not null;
        return $"""
            The server narrows the rows down and orders them:
              {RowCursor.Statement("…", sql.Condition, isNewest ? RowCursor.Descending : RowCursor.Ascending)}
              {sql.Parameters.Describe()}
            Here, on what comes{(isNewest ? ", until there are enough" : "")}:
            {PlanText.Of(query)}
            """;
    }

    async Task RunAsync(LogQuery query, IResultSink sink, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parts = new LogQueryParts(query, sink.ReadsRaw);
        var plan = parts.Plan;
        if (plan.MinTime > plan.MaxTime)
        {
            new QueryRun(query, sink, cancellationToken).Finish();
            return;
        }

        if (connection.PostgreSqlVersion.Major >= StatsStatement.FirstServer && StatsStatement.Of(parts) is { } statement)
        {
            var context = new QueryContext(new QueryMemory(query.Options.MaxMemory), cancellationToken, query.Options.OnNote);
            if (await statement.TryRunAsync(connection, plan.CreateChain(sink, context), context).ConfigureAwait(false))
            {
                return;
            }
        }

        var filters = parts.Filters.ToList();
        var sql = FilterSql.Of(filters, plan.MinTime, plan.MaxTime);
        var cursor = new RowCursor(connection, streams);
        if (plan.Newest is { } count)
        {
            await PlanAsync(connection, 0.05, sql.IsSelective, cancellationToken).ConfigureAwait(false);
            await cursor.OpenAsync(sql.Condition, sql.Parameters.All, RowCursor.Descending, null, cancellationToken).ConfigureAwait(false);
            await NewestAsync(query, count, filters, cursor, sink, cancellationToken).ConfigureAwait(false);
            return;
        }

        await PlanAsync(connection, 1.0, sql.IsSelective, cancellationToken).ConfigureAwait(false);
        await cursor.OpenAsync(sql.Condition, sql.Parameters.All, RowCursor.Ascending, null, cancellationToken).ConfigureAwait(false);
        var run = new QueryRun(query, sink, cancellationToken);
        var batch = new RecordBatch(RecordShape.Plain);
        for (var rows = FirstRows; await cursor.ReadAsync(batch, rows, cancellationToken).ConfigureAwait(false) && run.Add(new RowBlock(batch, 0)); rows = MostRows)
        {
            batch.Reset(RecordShape.Plain);
        }

        run.Finish();
    }

    /// <summary>Reads backwards until enough rows match; what does not match is let go at once.</summary>
    static async Task NewestAsync(LogQuery query, long count, List<Filter> filters, RowCursor cursor, IResultSink sink, CancellationToken cancellationToken)
    {
        var blocks = new List<RecordBlock>();
        var memory = new QueryMemory(query.Options.MaxMemory);
        var found = 0L;
        var rows = (int)Math.Clamp(count, 1, FirstRows);
        while (found < count)
        {
            var batch = new RecordBatch(RecordShape.Plain);
            if (!await cursor.ReadAsync(batch, rows, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            rows = MostRows;
            var view = new BatchView(batch);
            var matching = RowBitmap.All(batch.Count);
            foreach (var filter in filters)
            {
                filter.Apply(view, matching);
            }

            var kept = matching.ToRows();
            if (kept.Length == 0)
            {
                continue;
            }

            if (kept.Length < batch.Count)
            {
                batch.Keep(kept);
            }

            found += kept.Length;
            memory.Charge(batch.ByteCount + (batch.Count * 64L));
            // Rows of a block stand newest first, as do the blocks; the executor takes them oldest first.
            blocks.Add(new RowBlock(Reversed(batch), -blocks.Count));
        }

        await QueryExecutor.RunAsync(query, blocks, sink, cancellationToken).ConfigureAwait(false);
    }

    static RecordBatch Reversed(RecordBatch batch)
    {
        var reversed = new RecordBatch(batch.Shape);
        reversed.Append(batch.Bytes);
        for (var row = batch.Count - 1; row >= 0; row--)
        {
            reversed.Add(batch.Times[row], batch.Lines[row], batch.Messages[row], 0);
        }

        foreach (var column in batch.Columns)
        {
            if (column.IsUsed)
            {
                var target = reversed.Column(column.Name);
                for (var row = batch.Count - 1; row >= 0; row--)
                {
                    if (column.Span(row) is { IsAbsent: false } span)
                    {
                        target.Set(batch.Count - 1 - row, span, column.Kind(row));
                    }
                }
            }
        }

        foreach (var entry in batch.Overflow)
        {
            reversed.AddOverflow(batch.Count - 1 - entry.Row, entry.Name, entry.Value, entry.Kind);
        }

        return reversed;
    }

    /// <summary>
    /// Tells the planner how much of the rows will be read. Rows that only their time narrows down come by the index of times,
    /// a few at a time: sorting all of them would take their room on the server's disk.
    /// </summary>
    static async Task PlanAsync(NpgsqlConnection connection, double fraction, bool maySort, CancellationToken cancellationToken)
    {
        var sort = maySort ? "" : "; SET LOCAL enable_sort = off";
        using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL cursor_tuple_fraction = {fraction:0.00}{sort}"), connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
