using System.Globalization;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Query.Values;

namespace Puppylog.Storage.Postgres.Reading.Pushing;

/// <summary>A statistic as the server computes it.</summary>
/// <param name="Sql">What is selected; each comes as text.</param>
/// <param name="Odd">Makes rows odd (<see cref="FieldSql.Odd"/>); null where nothing does.</param>
/// <param name="Format">The result's text of what was selected.</param>
sealed record Aggregate(IReadOnlyList<string> Sql, string? Odd, Func<string?[], string> Format)
{
    /// <summary>Null for what the server cannot compute as the product does.</summary>
    /// <param name="function">The statistic.</param>
    /// <param name="condition">The rows that it counts; null for all.</param>
    /// <param name="parameters">Get the values.</param>
    public static Aggregate? Of(StatsFunction function, string? condition, SqlParameters parameters)
    {
        var filter = condition is null ? "" : $" FILTER (WHERE {condition})";
        if (function is CountFunction { CountsRows: true })
        {
            return new([$"count(*){filter}"], null, values => values[0]!);
        }

        var fields = function.Fields.Select(name => FieldSql.Of(name, parameters)).ToList();
        if (fields.Count == 0 || fields.Contains(null))
        {
            return null;
        }

        var odd = string.Join(" OR ", fields.Select(field => field!.Odd));
        if (function is CountFunction count)
        {
            var isEmpty = string.Join(" AND ", fields.Select(field => $"coalesce({field!.Text}, '') = ''"));
            var counted = count.CountsEmpty ? isEmpty : $"NOT ({isEmpty})";
            return new([$"count(*) FILTER (WHERE {counted}{(condition is null ? "" : $" AND {condition}")})"], odd, values => values[0]!);
        }

        return fields is [{ Number: { } number } field] ? OfNumber(function, field, number, filter, odd, parameters) : null;
    }

    static Aggregate? OfNumber(StatsFunction function, FieldSql field, string number, string filter, string odd, SqlParameters parameters)
    {
        if (field.Column is null)
        {
            // A string may be a number, too, and a number may be more than one has here.
            odd += $" OR jsonb_typeof(data -> {parameters.Text(function.Fields[0])}) = 'string' OR abs({number}) >= 9e18";
        }

        switch (function)
        {
            case SumFunction { IsAverage: true }:
                return new([$"sum({number}){filter}", $"count({number}){filter}"], odd, values => values[0] is null ? "NaN" : NumberText.Format(Number(values[0]!) / Number(values[1]!)));
            case SumFunction when field.Column is not null:
                return new([$"sum({number}){filter}"], odd, values => values[0] ?? "NaN");
            case SumFunction:
                return new([$"sum({number}){filter}", $"bool_or(scale({number}) > 0){filter}"], odd, values => values[0] is null ? "NaN" : values[1] == "true" ? NumberText.Format(Number(values[0]!)) : values[0]!);
            case ExtremeFunction extreme when field.Column is not null:
                return new([$"{(extreme.IsMax ? "max" : "min")}({number}){filter}"], odd, values => values[0] ?? "");
            case QuantileFunction quantile:
                // Of n sorted numbers the one at index ⌊phi·n⌋; percentile_disc takes the one at ⌈phi·n⌉ - 1.
                var index = $"least(count({number}){filter} - 1, trunc({parameters.Double(quantile.Phi)} * (count({number}){filter}))::bigint)::integer + 1";
                return new([$"(array_agg({number} ORDER BY {number}){filter})[{index}]"], odd, values => values[0] is null ? "" : NumberText.Format(Number(values[0]!)));
            default:
                return null;
        }
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
