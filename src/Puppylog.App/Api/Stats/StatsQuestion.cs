using System.Text.Json;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;

namespace Puppylog.App.Api.Stats;

/// <summary>Whose requests are counted.</summary>
/// <param name="Field">The field by which they are known.</param>
/// <param name="Value">Its value; null for all that have one.</param>
/// <param name="Streams">The selector of the streams that who asks may see; null for all. Who sees others gets other answers, from the cache too.</param>
readonly record struct StatsQuestion(string Field, string? Value, string? Streams = null)
{
    /// <summary>Records that are requests: they have a status.</summary>
    public Filter Filter(long now)
    {
        var requests = QueryParser.Parse($"{Quoted(Field)}:{(Value is null ? "*" : "=" + Quoted(Value))} status:*", now).Filter;
        return Streams is null ? requests : new AndFilter([QueryParser.Parse(Streams, 0).Filter, requests]);
    }

    static string Quoted(string text) => JsonSerializer.Serialize(text, ApiJson.Default.String);
}
