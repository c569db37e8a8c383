using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Npgsql;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Reading.Pushing;

/// <summary>
/// <c>filter | stats by (…) …</c> or <c>filter | top N by (…)</c> as one statement: rows are counted where they lie. The statement also counts the odd rows
/// (<see cref="FieldSql.Odd"/>); where there is one, its answer is not used.
/// </summary>
sealed class StatsStatement
{
    /// <summary>The first version that has date_bin, and exact numbers of seconds.</summary>
    public const int FirstServer = 14;

    const int RowsAtOnce = 4096;

    readonly StatsPipe _pipe;

    /// <summary>What of the groups the query asks for; null for all.</summary>
    readonly SortPipe? _first;
    readonly SqlParameters _parameters = new();
    readonly List<string> _keys = [];
    readonly List<Aggregate> _aggregates = [];

    StatsStatement(StatsPipe pipe, SortPipe? first) => (_pipe, _first) = (pipe, first);

    public string Sql { get; private set; } = "";

    public SqlParameters Parameters => _parameters;

    /// <summary>The statement; null where the query does not begin so, or the server would say something else.</summary>
    public static StatsStatement? Of(LogQueryParts query)
    {
        var top = query.Plan.Gathering as TopPipe;
        if ((query.Plan.Gathering as StatsPipe ?? top?.AsStats()) is not { } pipe || query.Plan.Prefix.Any(pipe => pipe is not FilterPipe))
        {
            return null;
        }

        var made = new StatsStatement(pipe, top?.AsSort());
        return made.TryMake(query) ? made : null;
    }

    bool TryMake(LogQueryParts query)
    {
        var oddFilters = new SortedSet<string>(StringComparer.Ordinal);
        var filters = new FilterTranslator(_parameters, oddFilters);
        var conditions = query.Filters.Select(filters.Translate).ToList();
        if (conditions.Contains(null))
        {
            return false;
        }

        var odd = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var field in _pipe.By)
        {
            if (Key(field, odd) is not { } key)
            {
                return false;
            }

            _keys.Add(key);
        }

        foreach (var column in _pipe.Columns)
        {
            var condition = column.Condition is null ? null : filters.Translate(column.Condition);
            if (!IsPlainName(column.ResultName) || (column.Condition is not null && condition is null) || Aggregate.Of(column.Function, condition, _parameters) is not { } aggregate)
            {
                return false;
            }

            _aggregates.Add(aggregate);
            if (aggregate.Odd is { } rows)
            {
                odd.Add(rows);
            }
        }

        var where = string.Join(" AND ", conditions.Where(condition => condition != "true"));
        where = where.Length == 0 ? "true" : where;
        if (oddFilters.Count > 0 && where != "true")
        {
            where = $"({where} OR {string.Join(" OR ", oddFilters)})";
        }

        odd.UnionWith(oddFilters);
        var selected = _keys.Concat(_aggregates.SelectMany(aggregate => aggregate.Sql).Select(sql => $"({sql})::text"))
            .Append(odd.Count == 0 ? "0::bigint" : $"count(*) FILTER (WHERE {string.Join(" OR ", odd)})");
        var groups = _keys.Count == 0 ? "" : $" GROUP BY {string.Join(", ", Enumerable.Range(1, _keys.Count))}";
        Sql = $"SELECT {string.Join(", ", selected)} FROM logs WHERE {where}{groups}";
        return true;
    }

    string? Key(GroupField field, ISet<string> odd)
    {
        if (field.Name == FieldNames.Time)
        {
            if (field.Bucket is not { Months: 0, IsWhole: true } bucket || bucket.Step % 1000 != 0 || bucket.Offset % 1000 != 0 || bucket.Step > 366 * (double)Timestamps.Day || Math.Abs(bucket.Offset) > Timestamps.Day)
            {
                return null;
            }

            odd.Add("NOT (time >= '1970-01-02' AND time < '2200-01-01')");
            var step = string.Create(CultureInfo.InvariantCulture, $"interval '{(long)bucket.Step / 1000} microseconds'");
            var origin = _parameters.Time(PostgresTime.Microseconds(-(long)bucket.Offset));
            return $"(extract(epoch FROM date_bin({step}, time, {origin})) * 1000000)::bigint::text";
        }

        if (field.Bucket is not null || FieldSql.Of(field.Name, _parameters) is not { } sql)
        {
            return null;
        }

        odd.Add(sql.Odd);
        return $"coalesce({sql.Text}, '')";
    }

    static bool IsPlainName(string name) => name.Length > 0 && name[0] != '_' && Query.Filters.FieldResolver.Canonical(name) == name;

    /// <summary>Runs it and hands the groups on; false, with nothing handed on, where a row is odd.</summary>
    public async Task<bool> TryRunAsync(NpgsqlConnection connection, PipeOperator chain, QueryContext context)
    {
        using var command = new NpgsqlCommand(Sql, connection);
        foreach (var parameter in _parameters.All)
        {
            command.Parameters.Add(parameter);
        }

        // Every group is there once: of its results the greatest is the one.
        ImmutableArray<StatsColumn> results = [.. _pipe.Columns.Select(column => new StatsColumn(new ExtremeFunction(isMax: true, [column.ResultName]), null, column.ResultName))];
        var gatherer = new StatsPipe(_pipe.By, results).CreateGatherer(_first?.CreateOperator(chain, NeededFields.Everything, context) ?? chain, NeededFields.Everything, context);
        var batch = new RecordBatch(RecordShape.Plain);
        var reader = await command.ExecuteReaderAsync(context.Cancellation).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(context.Cancellation).ConfigureAwait(false))
            {
                if (reader.GetInt64(reader.FieldCount - 1) > 0)
                {
                    return false;
                }

                Add(batch, reader);
                if (batch.Count == RowsAtOnce)
                {
                    gatherer.PushAll(new BatchView(batch));
                    batch.Reset(RecordShape.Plain);
                }
            }
        }

        gatherer.PushAll(new BatchView(batch));
        gatherer.Finish();
        return true;
    }

    void Add(RecordBatch batch, NpgsqlDataReader reader)
    {
        var at = 0;
        var time = 0L;
        var nothing = batch.Append([]);
        var row = batch.Count;
        foreach (var field in _pipe.By)
        {
            var text = reader.GetString(at++);
            if (field.Name == FieldNames.Time)
            {
                time = long.Parse(text, CultureInfo.InvariantCulture) * 1000;
            }
            else
            {
                Set(batch, row, field.Name, text);
            }
        }

        for (var i = 0; i < _aggregates.Count; i++)
        {
            var values = new string?[_aggregates[i].Sql.Count];
            for (var part = 0; part < values.Length; part++, at++)
            {
                values[part] = reader.IsDBNull(at) ? null : reader.GetString(at);
            }

            Set(batch, row, _pipe.Columns[i].ResultName, _aggregates[i].Format(values));
        }

        batch.Add(time, nothing, nothing, 0);
    }

    static void Set(RecordBatch batch, int row, string name, string text)
    {
        if (text.Length > 0)
        {
            batch.Column(name).Set(row, batch.Append(Encoding.UTF8.GetBytes(text)));
        }
    }
}
