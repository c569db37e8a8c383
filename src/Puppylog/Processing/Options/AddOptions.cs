namespace Puppylog.Processing.Options;

/// <summary>Gives records a field.</summary>
sealed record AddOptions(string Name, string Value) : ProcessorOptions
{
    public override string Kind => "add";

    /// <summary>Replaces the value that a record has already.</summary>
    public bool Overwrite { get; init; }

    public override IEnumerable<ProcessorProblem> Check() => [.. base.Check(), .. CheckName("name", Name)];

    /// <summary>Reads <c>NAME=VALUE</c>; false where there is no name.</summary>
    public static bool TryParse(string text, out AddOptions options)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        options = equals > 0 ? new(text[..equals], text[(equals + 1)..]) : null!;
        return equals > 0;
    }
}
