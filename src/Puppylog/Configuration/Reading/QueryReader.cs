using Puppylog.Query;
using Puppylog.Query.Filters.Streams;
using Puppylog.Query.Syntax;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads settings that are LogsQL; what is wrong is told at its own place.</summary>
static class QueryReader
{
    /// <summary>A filter, without pipes; null where it is not set, or wrong.</summary>
    public static string? Filter(this MapReader map, string key) =>
        map.Text(key, "a LogsQL filter") is { } value && Parse(map.Context, key, value) is not null ? value.Text : null;

    /// <summary>A stream selector; null where it is not set, or wrong.</summary>
    public static string? Selector(this MapReader map, string key)
    {
        if (map.Text(key, "a stream selector") is not { } value || Parse(map.Context, key, value) is not { } query)
        {
            return null;
        }

        if (query.Filter is StreamFilter)
        {
            return value.Text;
        }

        map.Context.Add(value.Place, $"{key}: expected a stream selector like {{application_name=\"shop\"}}, found '{value.Text}'");
        return null;
    }

    static LogQuery? Parse(ReadingContext context, string key, TextValue value)
    {
        try
        {
            var query = QueryParser.Parse(value.Text, context.Environment.Now, _ => "{}");
            if (query.Pipes.IsEmpty)
            {
                return query;
            }

            context.Add(value.PlaceOf(Math.Max(0, value.Text.IndexOf('|', StringComparison.Ordinal))), $"{key}: expected a filter alone, found a pipe");
        }
        catch (LogsqlException wrong)
        {
            var place = value.PlaceOf(wrong.Position);
            context.Add(place, place == value.Place && wrong.Position > 0
                ? FormattableString.Invariant($"{key}: character {wrong.Position + 1} of the query: {wrong.Message}")
                : $"{key}: {wrong.Message}");
        }

        return null;
    }
}
