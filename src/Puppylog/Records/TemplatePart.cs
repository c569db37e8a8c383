namespace Puppylog.Records;

/// <summary>A piece of a <see cref="LineTemplate"/>.</summary>
/// <param name="Kind">What the part is.</param>
/// <param name="Text">The literal's text or the field's name.</param>
readonly record struct TemplatePart(TemplatePartKind Kind, string Text)
{
    /// <summary>How a time is written; of <see cref="TemplatePartKind.Time"/> only.</summary>
    public TimeForm? Time { get; init; }

    /// <summary>How a value is escaped; of <see cref="TemplatePartKind.EscapedField"/> only.</summary>
    public JsonEscapes? Escapes { get; init; }
}
