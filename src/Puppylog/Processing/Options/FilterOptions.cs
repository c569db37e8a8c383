namespace Puppylog.Processing.Options;

/// <summary>Drops records, or keeps only some.</summary>
/// <param name="Query">LogsQL without pipes.</param>
/// <param name="Keeps">True where the matching records are kept, false where they are dropped.</param>
sealed record FilterOptions(string Query, bool Keeps) : ProcessorOptions
{
    public override string Kind => Keeps ? "keep" : "drop";

    public override IEnumerable<ProcessorProblem> Check() => [.. base.Check(), .. CheckFilter(Kind, Query)];
}
