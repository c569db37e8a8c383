using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A leaf of the line that is being read; it is set on its column once the whole line turned out to be valid.</summary>
/// <param name="Path">Its name where that is among the known ones; else null.</param>
/// <param name="Name">Where the name of a field without a path lies in the batch.</param>
/// <param name="Value">Where the value lies.</param>
/// <param name="Kind">How it is written.</param>
readonly record struct JsonField(JsonPath? Path, ByteSpan Name, ByteSpan Value, ValueKind Kind);
