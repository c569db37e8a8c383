using System.Text.Json;
using Puppylog.Query;
using Puppylog.Query.Filters;

namespace Puppylog.App.Api.Stats;

/// <summary>Whose requests are counted.</summary>
/// <param name="Field">The field by which they are known.</param>
/// <param name="Value">Its value; null for all that have one.</param>
readonly record struct StatsQuestion(string Field, string? Value)
{
    /// <summary>Records that are requests: they have a status.</summary>
    public Filter Filter(long now) => QueryParser.Parse($"{Quoted(Field)}:{(Value is null ? "*" : "=" + Quoted(Value))} status:*", now).Filter;

    static string Quoted(string text) => JsonSerializer.Serialize(text, ApiJson.Default.String);
}
