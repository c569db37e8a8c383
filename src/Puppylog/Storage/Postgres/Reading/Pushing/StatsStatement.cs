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

    /// <summary>In 2200; since 1970.</summary>
    const long LastMicrosecond = 7_258_118_400_000_000;

    const int RowsAtOnce = 4096;

    readonly StatsPipe _pipe;

    /// <summary>What of the groups the query asks for; null for all.</summary>
    readonly SortPipe? _first;
    readonly SqlParameters _parameters = new();
    readonly List<Key> _keys = [];
    readonly List<Aggregate> _aggregates = [];

    /// <param name="Group">What rows are grouped by.</param>
    /// <param name="Text">The same as text, made once for each group.</param>
    readonly record struct Key(string Group, string Text);

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
            if (KeyOf(field, odd) is not { } key)
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
        var oddRows = odd.Count == 0 ? "0::bigint" : $"count(*) FILTER (WHERE {string.Join(" OR ", odd)})";
        var selected = _keys.Select(key => key.Text).Concat(_aggregates.SelectMany(aggregate => aggregate.Sql).Select(sql => $"({sql})::text"))
            // Of the first groups only some come, and a row of any may be odd.
            .Append(_first is null || odd.Count == 0 ? oddRows : $"(sum({oddRows}) OVER ())::bigint");
        var groups = _keys.Count == 0 ? "" : $" GROUP BY {string.Join(", ", _keys.Select(key => key.Group))}";
        // Which of equals come first is a matter of their natural order.
        var first = _first is null ? "" : $" ORDER BY count(*) DESC FETCH FIRST ({_parameters.Integer(_first.Limit!.Value)}) ROWS WITH TIES";
        Sql = $"SELECT {string.Join(", ", selected)} FROM logs WHERE {where}{groups}{first}";
        return true;
    }

    Key? KeyOf(GroupField field, ISet<string> odd)
    {
        if (field.Name == FieldNames.Time)
        {
            if (field.Bucket is not { Months: 0, IsWhole: true } bucket || bucket.Step % 1000 != 0 || bucket.Offset % 1000 != 0 || bucket.Step > 366 * (double)Timestamps.Day || Math.Abs(bucket.Offset) > Timestamps.Day)
            {
                return null;
            }

            var step = string.Create(CultureInfo.InvariantCulture, $"interval '{(long)bucket.Step / 1000} microseconds'");
            var origin = _parameters.Time(PostgresTime.Microseconds(-(long)bucket.Offset));
            var bin = $"date_bin({step}, time, {origin})";
            return new(bin, $"CASE WHEN isfinite({bin}) THEN (extract(epoch FROM {bin}) * 1000000)::bigint::text ELSE '-1' END");
        }

        if (field.Bucket is not null || FieldSql.Of(field.Name, _parameters) is not { } sql)
        {
            return null;
        }

        odd.Add(sql.Odd);
        return sql.Column switch
        {
            { Type: LogColumnType.Key, Name: var name } => new(name, name),
            { Type: LogColumnType.Text } or null => new($"coalesce({sql.Text}, '')", $"coalesce({sql.Text}, '')"),
            { Name: var name } => new(name, $"coalesce({sql.Text}, '')"),
        };
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
                if (reader.GetInt64(reader.FieldCount - 1) > 0 || !TryAdd(batch, reader))
                {
                    return false;
                }

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

    /// <summary>False for times that the product counts otherwise: those before 1970, and what it does not hold.</summary>
    bool TryAdd(RecordBatch batch, NpgsqlDataReader reader)
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
                var microseconds = long.Parse(text, CultureInfo.InvariantCulture);
                if (microseconds is < 0 or > LastMicrosecond)
                {
                    return false;
                }

                time = microseconds * 1000;
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
        return true;
    }

    static void Set(RecordBatch batch, int row, string name, string text)
    {
        if (text.Length > 0)
        {
            batch.Column(name).Set(row, batch.Append(Encoding.UTF8.GetBytes(text)));
        }
    }
}
