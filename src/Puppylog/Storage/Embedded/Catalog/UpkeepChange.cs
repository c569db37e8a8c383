namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What one transaction records beside commits: compaction, retention, their policies and leavings.</summary>
/// <param name="Time">When, in nanoseconds since 1970 UTC.</param>
sealed record UpkeepChange(long Time)
{
    /// <summary>Segments whose blocks go; their files become leavings.</summary>
    public IReadOnlyList<long> Removed { get; init; } = [];

    /// <summary>The segment that takes their place.</summary>
    public AddedSegment? Added { get; init; }

    /// <summary>A file that is going to be written; it is a leaving until it is <see cref="Added"/>.</summary>
    public Leaving? Begun { get; init; }

    /// <summary>Leavings whose files are deleted.</summary>
    public IReadOnlyList<long> Deleted { get; init; } = [];

    public IReadOnlyList<(UpkeepNumber Name, long Value)> Set { get; init; } = [];

    public IReadOnlyList<(UpkeepNumber Name, long Value)> Add { get; init; } = [];
}
