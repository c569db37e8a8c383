namespace Puppylog.Storage.Embedded;

/// <summary>One or more commits that have just become visible.</summary>
/// <param name="First">The number of the first one: where it does not follow the last one that was heard of, some were missed.</param>
/// <param name="Last">The number of the last one.</param>
/// <param name="Counts">What they add to the store's metrics, as <see cref="IMetricEngine"/> counted it; empty where nothing.</param>
/// <param name="Times">Of the records: at least the newest one, and the newest one within an hour of the clock; in seconds since 1970 UTC.</param>
sealed record CountedCommit(long First, long Last, byte[] Counts, IReadOnlyList<long> Times);
