using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A value of a line that has a known form (<see cref="JsonTree"/>).</summary>
/// <param name="Start">Where it begins in the line; a string's text, behind the quote.</param>
/// <param name="End">Where it ends in the line.</param>
/// <param name="Kind">Its type.</param>
/// <param name="IsEscaped">It is a string that has escapes.</param>
readonly record struct JsonLeaf(int Start, int End, ValueKind Kind, bool IsEscaped);
