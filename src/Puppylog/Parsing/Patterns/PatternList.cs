using System.Collections.Immutable;

namespace Puppylog.Parsing.Patterns;

/// <summary>The patterns of a format.</summary>
/// <param name="Patterns">In the order in which they are tried.</param>
/// <param name="Apart">Of the first so many, a line follows at most one: that of the line before may be tried first.</param>
/// <param name="Own">The first so many tell the format; lines of the others may be of any.</param>
sealed record PatternList(ImmutableArray<LinePattern> Patterns, int Apart, int Own);
