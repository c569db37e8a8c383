using System.Text.Json;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Query.Syntax;

namespace Puppylog.App.Api.Select;

/// <summary>
/// <c>extra_filters</c> and <c>extra_stream_filters</c>: LogsQL, or an object of fields and what they are
/// (<c>{"app":"shop","env":["prod","test"]}</c>), that the query's records must match as well.
/// </summary>
static class ExtraFilters
{
    /// <exception cref="RequestException">One of them has pipes, or is no such object.</exception>
    /// <exception cref="LogsqlException">One of them is not understood.</exception>
    public static IEnumerable<Filter> Of(RequestArguments arguments, long now, Func<string, string?>? groups) =>
        arguments.Texts("extra_filters").Select(text => Parse("extra_filters", text, streams: false, now, groups))
            .Concat(arguments.Texts("extra_stream_filters").Select(text => Parse("extra_stream_filters", text, streams: true, now, groups)));

    static Filter Parse(string name, string text, bool streams, long now, Func<string, string?>? groups)
    {
        if (text.TrimStart().StartsWith('{') && TryObject(text) is { } fields)
        {
            text = streams
                ? $"{{{string.Join(",", fields.Select(field => Label(field.Key, field.Value)))}}}"
                : string.Join(" ", fields.Select(field => Exact(field.Key, field.Value)));
        }

        var query = QueryParser.Parse(text, now, groups);
        return query.Pipes.IsEmpty ? query.Filter : throw new RequestException($"{name} takes filters, without pipes");
    }

    static string Exact(string field, string[] values) => $"{Quoted(field)}:{(values.Length == 1 ? "=" + Quoted(values[0]) : $"in({string.Join(",", values.Select(Quoted))})")}";

    static string Label(string field, string[] values) => values.Length == 1 ? $"{Quoted(field)}={Quoted(values[0])}" : $"{Quoted(field)} in ({string.Join(",", values.Select(Quoted))})";

    /// <summary>Null where it is a stream selector, <c>{app="shop"}</c>, and no JSON.</summary>
    static List<KeyValuePair<string, string[]>>? TryObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, Values(field.Value)))];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string[] Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : throw Odd())],
        _ => throw Odd(),
    };

    static RequestException Odd() => new("an object of extra filters has texts, or lists of texts");

    static string Quoted(string text) => JsonSerializer.Serialize(text, ApiJson.Default.String);
}
