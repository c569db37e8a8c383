using Puppylog.Records;

namespace Puppylog.Parsing.Patterns;

/// <summary>A piece of a <see cref="LinePattern"/>: fixed text, spaces or a field.</summary>
sealed class PatternPart
{
    /// <summary>The bytes of fixed text; null for any other piece.</summary>
    public byte[]? Literal { get; init; }

    /// <summary>Spaces: one at least, or any number; null for any other piece.</summary>
    public int? LeastSpaces { get; init; }

    /// <summary>The field's name; null for what is no field.</summary>
    public string? Name { get; init; }

    public PatternType Type { get; init; }

    /// <summary>A dash means that the field is absent.</summary>
    public bool DashIsAbsent { get; init; }

    /// <summary>The only form that a time may have; null for any.</summary>
    public TimeForm? Form { get; init; }

    /// <summary>What was expected where the piece is not found.</summary>
    public string Expected => Literal is not null ? $"\"{System.Text.Encoding.UTF8.GetString(Literal)}\""
        : Name is null ? "a space"
        : Type switch
        {
            PatternType.Time => Form is null ? "a time" : $"a time like {Form}",
            PatternType.Level => "a level",
            PatternType.Letter => "a level's letter",
            PatternType.Int => "digits",
            PatternType.Number => "a number",
            PatternType.Word => "a word",
            PatternType.Name => "a name",
            PatternType.Dotted => "a name with a point in it",
            PatternType.Caller => "a file and its line, like main.go:23,",
            _ => "text",
        } + $" for {Name}";
}
