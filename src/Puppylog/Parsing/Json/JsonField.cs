using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A leaf of the line that is being read; it is set on its column once the whole line turned out to be valid.</summary>
/// <param name="Path">Its flattened name.</param>
/// <param name="Value">Its value in the batch; for a string with escapes what they stand for.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Start">Where it begins in the line; a string's text, behind the quote.</param>
/// <param name="End">Where it ends in the line.</param>
/// <param name="Depth">How deep it is nested; 1 at the top.</param>
/// <param name="Escapes">How a string's escapes are written; null where it has none.</param>
readonly record struct JsonField(JsonPath Path, ByteSpan Value, ValueKind Kind, int Start, int End, int Depth, JsonEscapes? Escapes);
