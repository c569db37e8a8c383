using System.Collections.Immutable;
using Puppylog.Parsing.Json;

namespace Puppylog.Intake;

/// <summary>How a sender wants its entries to be read: the parameters that VictoriaLogs documents for its ingest endpoints.</summary>
sealed record IntakeOptions
{
    public static IntakeOptions Default { get; } = new();

    /// <summary>Names of fields that hold the time and the message, the best first; before those that are known (<see cref="JsonRoles"/>).</summary>
    public JsonNaming Naming { get; init; } = JsonNaming.Usual;

    /// <summary>Fields that make up <c>_stream</c>; null where the protocol says which.</summary>
    public ImmutableArray<string>? StreamFields { get; init; }

    /// <summary>Fields that are not wanted; a <c>*</c> at the end stands for any rest of a name. The original line stays.</summary>
    public ImmutableArray<string> IgnoredFields { get; init; } = [];

    /// <summary>Fields that each record gets, whatever it has under the name.</summary>
    public ImmutableArray<KeyValuePair<string, string>> ExtraFields { get; init; } = [];

    /// <summary>Messages that are JSON objects (Loki) are not taken apart.</summary>
    public bool KeepsMessages { get; init; }
}
