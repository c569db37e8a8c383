using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Filters.Values;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Reading.Pushing;

namespace Puppylog.Storage.Postgres.Reading;

/// <summary>
/// A condition for the server that every row fulfils that a filter can match, and others perhaps, too: the filter itself is
/// run on what comes. Values travel as parameters only.
/// </summary>
sealed class FilterSql
{
    readonly SqlParameters _parameters = new();

    /// <summary>What stands behind WHERE.</summary>
    public string Condition { get; private set; } = "true";

    public SqlParameters Parameters => _parameters;

    /// <summary>True where more than the time narrows the rows down.</summary>
    public bool IsSelective { get; private set; }

    /// <param name="filters">The query's; all of them must match.</param>
    /// <param name="minTime">Nothing before it matches, nanoseconds since 1970.</param>
    /// <param name="maxTime">Nothing after it matches.</param>
    public static FilterSql Of(IEnumerable<Filter> filters, long minTime, long maxTime)
    {
        var sql = new FilterSql();
        var conditions = new List<string>();
        // What others wrote may lie outside of the times that the product holds, and counts as the nearest one.
        if (minTime > long.MinValue)
        {
            conditions.Add($"time >= {sql._parameters.Time(PostgresTime.Microseconds(minTime))}");
        }

        if (maxTime < long.MaxValue)
        {
            conditions.Add($"time <= {sql._parameters.Time(PostgresTime.Microseconds(maxTime))}");
        }

        var ofValues = filters.Select(sql.Translate).OfType<string>().ToList();
        sql.IsSelective = ofValues.Count > 0;
        conditions.AddRange(ofValues);
        sql.Condition = conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
        return sql;
    }

    /// <summary>Null where the server cannot narrow it down.</summary>
    string? Translate(Filter filter)
    {
        switch (filter)
        {
            case AndFilter and:
                var all = and.Filters.Select(Translate).OfType<string>().ToList();
                return all.Count == 0 ? null : $"({string.Join(" AND ", all)})";
            case OrFilter or:
                var any = or.Filters.Select(Translate).ToList();
                return any.Contains(null) ? null : $"({string.Join(" OR ", any)})";
            case ExactFilter { Field: var field, Needle: { Length: > 0 } needle } when LogColumn.Find(field) is { } column:
                return Equal(column, needle);
            case TextFilter { Field: FieldNames.Message, Needle: { Length: > 0 } needle } when IsPlain(needle):
                return $"(message LIKE {_parameters.Text($"%{Escape(needle)}%")} OR message IS NULL)";
            default:
                return null;
        }
    }

    /// <summary>Rows of others may have the field in <c>data</c> instead, except where the table has a column of its own for it that is never null.</summary>
    string? Equal(LogColumn column, byte[] needle)
    {
        if (!IsPlain(needle))
        {
            return null;
        }

        var value = System.Text.Encoding.UTF8.GetString(needle);
        return column.Type switch
        {
            LogColumnType.Key when needle.Length <= LogColumn.MaxKeyLength =>
                $"({column.Name} = {_parameters.Text(value)} AND {column.Name} <> '')",
            LogColumnType.Text => $"({column.Name} = {_parameters.Text(value)} OR {column.Name} IS NULL)",
            LogColumnType.Integer when int.TryParse(value, out var number) => $"({column.Name} = {_parameters.Integer(number)} OR {column.Name} IS NULL)",
            _ => null,
        };
    }

    /// <summary>Text that PostgreSQL holds as it is, so that looking for it there finds what looking for it here does.</summary>
    static bool IsPlain(byte[] needle) => Writing.StorableText.IsStorable(needle) && needle.AsSpan().IndexOf("\uFFFD"u8) < 0;

    static string Escape(byte[] needle) =>
        System.Text.Encoding.UTF8.GetString(needle).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
