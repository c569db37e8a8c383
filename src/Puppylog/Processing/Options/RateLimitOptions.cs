using Puppylog.Records;

namespace Puppylog.Processing.Options;

/// <summary>Drops what comes faster than that, by the clock of the collector; each stream has a limit of its own.</summary>
/// <param name="PerSecond">Records a second.</param>
sealed record RateLimitOptions(double PerSecond) : ProcessorOptions
{
    public override string Kind => "limit";

    /// <summary>Records that may come at once after a quiet time; 0 for those of one second, and at least one.</summary>
    public double Burst { get; init; }

    /// <summary>The field that tells streams apart; records without it share one limit.</summary>
    public string By { get; init; } = FieldNames.Stream;

    public override IEnumerable<ProcessorProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        if (!(PerSecond > 0) || PerSecond > 1e9)
        {
            yield return new("rate", "takes the records that are kept a second, like 1000");
        }

        if (!(Burst == 0 || Burst is >= 1 and <= 1e9))
        {
            yield return new("burst", "takes how many records may come at once, 1 or more");
        }

        if (By.Length == 0)
        {
            yield return new("by", "names the field that tells streams apart, like _stream");
        }
    }
}
