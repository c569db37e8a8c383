namespace Puppylog.Parsing.Patterns;

/// <summary>A pattern that is none: where, and what was expected.</summary>
/// <param name="position">From 1, in characters of the pattern.</param>
/// <param name="expected">What was expected there.</param>
sealed class PatternException(int position, string expected) : FormatException($"at {position}: expected {expected}")
{
    public int Position { get; } = position;
}
