namespace Puppylog.Records.Columns;

/// <summary>A piece of a <see cref="TextTemplate"/>: fixed bytes, or the place of a variable.</summary>
readonly record struct TextTemplatePart
{
    public TextTemplatePart(byte[] literal)
    {
        Literal = literal;
        Variable = -1;
    }

    public TextTemplatePart(int variable)
    {
        Literal = [];
        Variable = variable;
    }

    /// <summary>The fixed bytes; empty for a variable.</summary>
    public byte[] Literal { get; }

    /// <summary>An index into <see cref="TemplateVector.Variables"/>, or -1 for fixed bytes.</summary>
    public int Variable { get; }

    public bool IsLiteral => Variable < 0;
}
