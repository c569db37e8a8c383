namespace Puppylog.Processing.Options;

/// <summary>Keeps a share of the records.</summary>
/// <param name="Ratio">The share that is kept, between 0 and 1.</param>
sealed record SampleOptions(double Ratio) : ProcessorOptions
{
    public override string Kind => "sample";

    /// <summary>Records with one value of this field are all kept or all dropped; those without it are kept. Null: each record for itself.</summary>
    public string? By { get; init; }

    public override IEnumerable<ProcessorProblem> Check()
    {
        var ratio = Ratio is > 0 and < 1 ? [] : new[] { new ProcessorProblem("ratio", "takes a number between 0 and 1: the share that is kept, like 0.1 for every tenth record") };
        return [.. base.Check(), .. ratio, .. By is { Length: 0 } ? [new("by", "names a field, like trace_id")] : Array.Empty<ProcessorProblem>()];
    }
}
