using System.Collections.Immutable;
using Puppylog.Records;

namespace Puppylog.Processing.Options;

/// <summary>
/// Drops a record that says what one of its stream said shortly before, by the records' own times. The next one that is
/// kept tells in <c>repeated</c> how many were dropped.
/// </summary>
sealed record DeduplicateOptions : ProcessorOptions
{
    public override string Kind => "deduplicate";

    /// <summary>The fields that are compared; <c>_raw</c> is the whole line.</summary>
    public ImmutableArray<string> Fields { get; init; } = [FieldNames.Message];

    /// <summary>How long after the record that was kept.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Different records that are remembered; the oldest is forgotten first. About 64 bytes each.</summary>
    public int Most { get; init; } = 65_536;

    public override IEnumerable<ProcessorProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        if (Fields.IsDefaultOrEmpty || Fields.Contains(""))
        {
            yield return new("fields", "names the fields that are compared, like _msg");
        }

        if (Window <= TimeSpan.Zero || Window > TimeSpan.FromDays(1))
        {
            yield return new("window", "takes a duration of up to a day, like 10s");
        }

        if (Most is < 1 or > 10_000_000)
        {
            yield return new("most", "takes 1 to 10000000 different records to remember");
        }
    }
}
