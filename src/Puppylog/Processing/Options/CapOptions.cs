namespace Puppylog.Processing.Options;

/// <summary>Bounds what a record has; the original line stays whole.</summary>
sealed record CapOptions : ProcessorOptions
{
    public override string Kind => "cap";

    /// <summary>Fields of a record, besides the well-known ones; those whose names came first are kept. 0 for any number.</summary>
    public int MaxFields { get; init; }

    /// <summary>Bytes of a value, <c>_msg</c> included; a longer one ends with <c>…</c> at a character's end. 0 for any length.</summary>
    public int MaxLength { get; init; }

    public override IEnumerable<ProcessorProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        if (MaxFields < 0)
        {
            yield return new("max_fields", "takes the most fields of a record, 1 or more");
        }

        if (MaxLength != 0 && MaxLength < 16)
        {
            yield return new("max_length", "takes the most bytes of a value, 16 or more");
        }

        if (MaxFields == 0 && MaxLength == 0)
        {
            yield return new(Kind, "max_fields or max_length is expected, like max_fields: 100");
        }
    }
}
