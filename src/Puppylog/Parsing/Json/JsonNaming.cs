using System.Collections.Immutable;

namespace Puppylog.Parsing.Json;

/// <summary>Names that a sender says its time and its message have; they go before those that are known (<see cref="JsonRoles"/>).</summary>
/// <param name="Times">Flattened names, the best first.</param>
/// <param name="Messages">Flattened names, the best first.</param>
sealed record JsonNaming(ImmutableArray<string> Times, ImmutableArray<string> Messages)
{
    public static JsonNaming Usual { get; } = new([], []);

    /// <summary>As <see cref="JsonRoles.Of"/>; names that were said have ranks below 0.</summary>
    public (JsonRole Role, int Rank) Of(string name, bool isTop) =>
        Times.IndexOf(name) is >= 0 and var time ? (JsonRole.Time, time - Times.Length)
        : Messages.IndexOf(name) is >= 0 and var message ? (JsonRole.Message, message - Messages.Length)
        : JsonRoles.Of(name, isTop);
}
