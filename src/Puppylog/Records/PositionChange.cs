namespace Puppylog.Records;

/// <summary>
/// A move of a source's position. The commit holds only while the stored position is still <see cref="From"/> (compared by
/// generation and offset; null: none is stored), so two readers of one source can never both store a line.
/// </summary>
sealed record PositionChange(SourcePosition? From, SourcePosition To);
