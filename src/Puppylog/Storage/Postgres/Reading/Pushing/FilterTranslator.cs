using System.Text;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Times;
using Puppylog.Query.Filters.Values;

namespace Puppylog.Storage.Postgres.Reading.Pushing;

/// <summary>
/// Filters as conditions that are true of exactly the rows that match, where no row is odd (<see cref="FieldSql.Odd"/>).
/// What is not known to mean the same on the server is not translated.
/// </summary>
/// <param name="parameters">Get the values.</param>
/// <param name="odd">Gets what makes rows odd.</param>
sealed class FilterTranslator(SqlParameters parameters, ISet<string> odd)
{
    /// <summary>Null where the server cannot decide it.</summary>
    public string? Translate(Filter filter) => Translate(filter, mustMatch: true);

    /// <param name="filter">The filter.</param>
    /// <param name="mustMatch">No row matches the whole that does not match this.</param>
    string? Translate(Filter filter, bool mustMatch) => filter switch
    {
        EverythingFilter => "true",
        AndFilter and => Join(and.Filters, " AND ", mustMatch),
        OrFilter or => Join(or.Filters, " OR ", mustMatch: false),
        NotFilter not => Translate(not.Inner, mustMatch: false) is { } inner ? $"({inner} IS NOT TRUE)" : null,
        TimeFilter time => Within(time.Min, time.Max),
        WindowFilter window => Window(window, mustMatch),
        // A column that is never null is where others write the field, too; so it is with searches, and its index serves.
        ExactFilter { Needle.Length: > 0 } exact when mustMatch && LogColumn.Find(exact.Field) is { Type: LogColumnType.Key } column && IsStorable(exact) => Is(column, exact),
        ExactFilter { Needle.Length: > 0 } exact => Equal(exact),
        RangeFilter range => Between(range),
        _ => null,
    };

    string? Join(IEnumerable<Filter> filters, string between, bool mustMatch)
    {
        var all = filters.Select(filter => Translate(filter, mustMatch)).ToList();
        return all.Contains(null) || all.Count == 0 ? null : $"({string.Join(between, all)})";
    }

    string? Window(WindowFilter window, bool mustMatch) =>
        Translate(window.Inner, mustMatch) is { } inner && Within(window.Since ?? long.MinValue, window.Until - 1 ?? long.MaxValue) is { } within ? $"({within} AND {inner})" : null;

    /// <summary>Bounds that are whole microseconds: what is finer stands in a column beside.</summary>
    string? Within(long first, long last)
    {
        if (first > last)
        {
            return "false";
        }

        var conditions = new List<string>();
        if (first > long.MinValue)
        {
            if (PostgresTime.Nanos(first) != 0)
            {
                return null;
            }

            conditions.Add($"time >= {parameters.Time(PostgresTime.Microseconds(first))}");
        }

        if (last < long.MaxValue)
        {
            if (PostgresTime.Nanos(last) != 999)
            {
                return null;
            }

            conditions.Add($"time <= {parameters.Time(PostgresTime.Microseconds(last))}");
        }

        return conditions.Count == 0 ? "true" : $"({string.Join(" AND ", conditions)})";
    }

    string? Equal(ExactFilter filter)
    {
        if (!IsStorable(filter) || Field(filter.Field) is not { } field)
        {
            return null;
        }

        var value = Encoding.UTF8.GetString(filter.Needle);
        if (field.Column is null)
        {
            // Of numbers and words of JSON the text is the value's, too.
            return $"(coalesce({field.Text} = {parameters.Text(value)}, false))";
        }

        if (field.Number is not null)
        {
            return ExactFilter.TryCanonicalInteger(value, out var number) ? $"(coalesce({field.Column.Name} = {parameters.Integer(number)}, false))" : "false";
        }

        return field.Column.Type == LogColumnType.Key ? Is(field.Column, filter) : $"(coalesce({field.Column.Name} = {parameters.Text(value)}, false))";
    }

    /// <summary>As the column's index has it.</summary>
    string Is(LogColumn column, ExactFilter filter) => $"({column.Name} = {parameters.Text(Encoding.UTF8.GetString(filter.Needle))} AND {column.Name} <> '')";

    static bool IsStorable(ExactFilter filter) => Writing.StorableText.IsStorable(filter.Needle) && filter.Needle.AsSpan().IndexOf("\uFFFD"u8) < 0;

    string? Between(RangeFilter filter)
    {
        if (Field(filter.Field) is not { Column: not null, Number: { } number } || !filter.TryGetIntegers(out var least, out var most))
        {
            return null;
        }

        return least > most ? "false" : $"(coalesce({number} >= {parameters.Integer(least)} AND {number} <= {parameters.Integer(most)}, false))";
    }

    FieldSql? Field(string name)
    {
        var field = FieldSql.Of(name, parameters);
        if (field is not null)
        {
            odd.Add(field.Odd);
        }

        return field;
    }
}
