namespace Puppylog.Records;

enum TemplatePartKind : byte
{
    /// <summary>Fixed text.</summary>
    Literal = 0,

    /// <summary>A field's bytes; nothing where it is absent.</summary>
    Field = 1,

    /// <summary>A field's bytes; a dash where it is absent.</summary>
    FieldOrDash = 2,

    /// <summary><c>_time</c> in the zone of <c>_line.zone</c>, as <c>10/Oct/2000:13:55:36 -0700</c>.</summary>
    ClfTime = 3,

    /// <summary><c>_time</c> in one of the forms of <see cref="TimeForm"/>.</summary>
    Time = 4,

    /// <summary>A field's text within a JSON string, escaped by <see cref="JsonEscapes"/>; nothing where it is absent.</summary>
    EscapedField = 5,
}
