using System.Collections.Immutable;

namespace Puppylog.Parsing.Json;

/// <summary>Names that a sender says its time and its message have; they go before those that are known (<see cref="JsonRoles"/>).</summary>
/// <param name="Times">Flattened names, the best first.</param>
/// <param name="Messages">Flattened names, the best first.</param>
sealed record JsonNaming(ImmutableArray<string> Times, ImmutableArray<string> Messages)
{
    public static JsonNaming Usual { get; } = new([], []);

    /// <summary>No name has a role: each is a field's.</summary>
    public static JsonNaming None { get; } = new([], []) { IsPlain = true };

    bool IsPlain { get; init; }

    /// <summary>As <see cref="JsonRoles.Of"/>; names that were said have ranks below 0.</summary>
    public (JsonRole Role, int Rank) Of(string name, bool isTop) =>
        IsPlain ? (JsonRole.None, 0)
        : Times.IndexOf(name) is >= 0 and var time ? (JsonRole.Time, time - Times.Length)
        : Messages.IndexOf(name) is >= 0 and var message ? (JsonRole.Message, message - Messages.Length)
        : JsonRoles.Of(name, isTop);
}
