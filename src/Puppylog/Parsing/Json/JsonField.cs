using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A leaf of the line that is being read; it is set on its column once the whole line turned out to be valid.</summary>
readonly record struct JsonField(JsonPath Path, ByteSpan Value, ValueKind Kind);
