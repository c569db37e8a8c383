using System.Data;
using System.Globalization;
using System.Text;
using Npgsql;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;

namespace Puppylog.Storage.Postgres.Asking;

/// <summary>A statement of SQL that people ask a store's database, in a transaction that can write nothing.</summary>
static class SqlQuestion
{
    const int RowsAtOnce = 1000;

    /// <summary>Hands on the rows, values as PostgreSQL writes them; a null is empty.</summary>
    /// <param name="store">The address (<see cref="PostgresAddress"/>).</param>
    /// <param name="sql">One statement.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <param name="cancellationToken">Ends the statement on the server, too.</param>
    /// <exception cref="LogStoreException">The address or the statement is wrong, or the server is not there.</exception>
    public static async Task RunAsync(string store, string sql, IResultSink sink, CancellationToken cancellationToken)
    {
        if (!SingleStatement.Is(sql))
        {
            throw new LogStoreException("that is more than one statement: give one at a time, without anything behind its ';'");
        }

        var address = PostgresAddress.Parse(store);
        var source = address.CreateSource(keepsConnections: false);
        await using (source.ConfigureAwait(false))
        {
            try
            {
                var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    await RunAsync(connection, sql, sink, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (PostgresException wrong) when (wrong.SqlState[..2] is "42" or "22" or "0A" or "25")
            {
                throw new LogStoreException(Mistake(wrong, sql), wrong);
            }
            catch (Exception e) when (PostgresErrors.IsOfServer(e))
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw PostgresErrors.Describe(e, address);
            }
        }
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, IResultSink sink, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            using (var readOnly = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection))
            {
                await readOnly.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true, CommandTimeout = 0 };
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var names = Names(reader);
                var rows = new List<string?[]>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var row = new string?[names.Length];
                    for (var i = 0; i < row.Length; i++)
                    {
                        row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
                    }

                    rows.Add(row);
                    if (rows.Count == RowsAtOnce)
                    {
                        if (!Write(names, rows, sink))
                        {
                            return;
                        }

                        rows.Clear();
                    }
                }

                if (rows.Count > 0)
                {
                    Write(names, rows, sink);
                }
            }
        }
    }

    /// <summary>Columns of one name are told apart, as a row has each name once.</summary>
    static string[] Names(NpgsqlDataReader reader)
    {
        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
        {
            var name = reader.GetName(i);
            names[i] = name;
            for (var number = 2; names.AsSpan(0, i).Contains(names[i]); number++)
            {
                names[i] = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            }
        }

        return names;
    }

    static bool Write(string[] names, List<string?[]> rows, IResultSink sink)
    {
        var view = new ResultView(rows.Count);
        for (var i = 0; i < names.Length; i++)
        {
            var column = new ResultColumn(rows.Count);
            foreach (var row in rows)
            {
                column.Add(Encoding.UTF8.GetBytes(row[i] ?? ""));
            }

            view.Add(names[i], column.ToVector());
        }

        return sink.Write(view, [.. Enumerable.Range(0, rows.Count)]);
    }

    static string Mistake(PostgresException wrong, string sql)
    {
        var text = new StringBuilder(wrong.SqlState == PostgresErrors.ReadOnlyTransaction ? "'puppylog sql' only reads: " : "").Append(wrong.MessageText);
        if (wrong.Position > 0 && wrong.Position <= sql.Length)
        {
            var before = sql[..(wrong.Position - 1)];
            text.Append(CultureInfo.InvariantCulture, $" (line {before.Count(c => c == '\n') + 1}, column {before.Length - before.LastIndexOf('\n')})");
        }

        return wrong.Hint is { Length: > 0 } hint ? $"{text}; {hint}" : text.ToString();
    }
}
