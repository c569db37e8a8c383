using System.Collections.Immutable;

namespace Puppylog.Records;

/// <summary>
/// What the records of a batch have in common: the format they were parsed as, the templates that their lines follow and
/// the fields that are computed from others. A batch holds records of one shape.
/// </summary>
sealed record RecordShape(string Format, ImmutableArray<LineTemplate> Templates, ImmutableArray<DerivedField> Derived)
{
    /// <summary>Lines without structure: the line is the message.</summary>
    public static RecordShape Plain { get; } = new("text", [], []);
}
