namespace Puppylog.Records.Columns;

/// <summary>
/// The shape that some values of a column share: fixed bytes and variables in the order in which they make the value. A
/// value that shares its shape with no other is the only variable of a template without fixed bytes.
/// </summary>
/// <param name="parts">The pieces; each variable occurs in one template only, and once.</param>
/// <param name="rows">How many records have this shape: the length of each of its variables.</param>
sealed class TextTemplate(TextTemplatePart[] parts, int rows)
{
    public TextTemplatePart[] Parts { get; } = parts;

    public int Rows { get; } = rows;
}
