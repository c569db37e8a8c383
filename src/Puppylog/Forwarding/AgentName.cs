using System.Buffers;
using Puppylog.Records;

namespace Puppylog.Forwarding;

/// <summary>An agent's id, and what of a store belongs to it.</summary>
static class AgentName
{
    public const int MaxLength = 64;

    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    public static bool IsValid(string? id) => id is { Length: > 0 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary><c>agent/{id}/</c>: begins the names of the agent's sources and keys in the store.</summary>
    public static string Prefix(string id) => $"{SourcePosition.AgentPrefix}{id}/";

    public static PositionChange Add(string prefix, PositionChange move) =>
        new(move.From is { } before ? before with { Source = prefix + before.Source } : null, move.To with { Source = prefix + move.To.Source });
}
