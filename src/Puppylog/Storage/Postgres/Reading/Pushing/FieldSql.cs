using Puppylog.Query.Filters;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Reading.Pushing;

/// <summary>
/// A field as the server can tell it: its text, its number, and which rows have it in another place, so that the server would
/// tell something else of them than the product does.
/// </summary>
/// <param name="Text">Its text; null where the row has no such field.</param>
/// <param name="Number">Its value where that is a number; null for fields that are never one here.</param>
/// <param name="Column">Its column; null where its values are in <c>data</c>.</param>
/// <param name="Odd">True of rows of which <paramref name="Text"/> and <paramref name="Number"/> are not all.</param>
sealed record FieldSql(string Text, string? Number, LogColumn? Column, string Odd)
{
    /// <summary>Null for fields that the server cannot tell.</summary>
    /// <param name="field">Its own name (<see cref="FieldResolver.Canonical"/>).</param>
    /// <param name="parameters">Get the names.</param>
    public static FieldSql? Of(string field, SqlParameters parameters)
    {
        if (field.Length == 0 || field[0] == '_' || field.Contains('.', StringComparison.Ordinal) || FieldResolver.Canonical(field) != field || !Writing.StorableText.IsStorable(System.Text.Encoding.UTF8.GetBytes(field)))
        {
            return null;
        }

        if (LogColumn.Find(field) is { } column)
        {
            var name = column.Name;
            // Rows of others, and values whose text the column's type does not give back.
            var isElsewhere = $"data ?| {parameters.Texts(field, "data", $"data.{field}")}";
            return column.Type switch
            {
                LogColumnType.Key => new($"nullif({name}, '')", null, column, $"({name} = '' AND {isElsewhere})"),
                LogColumnType.Text => new(name, null, column, $"({name} IS NULL AND {isElsewhere})"),
                LogColumnType.Integer or LogColumnType.Bigint => new($"{name}::text", name, column, $"({name} IS NULL AND {isElsewhere})"),
                // Its text is not the one that the server would write.
                _ => null,
            };
        }

        var key = parameters.Text(field);
        // Objects and arrays are other fields, or are written otherwise here.
        return new(
            $"(data ->> {key})",
            $"(CASE WHEN jsonb_typeof(data -> {key}) = 'number' THEN (data -> {key})::numeric END)",
            null,
            $"(data ?| {parameters.Texts("data", $"data.{field}")} OR jsonb_typeof(data -> {key}) IN ('object', 'array'))");
    }
}
