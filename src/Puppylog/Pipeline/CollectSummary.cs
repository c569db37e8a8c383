namespace Puppylog.Pipeline;

/// <param name="Counters">What was done.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failures">Sources that could not be read, or not to their end: one sentence each.</param>
/// <param name="Unstored">Lines that were read and not stored when a cancelled run gave up waiting; files will be read again from there.</param>
sealed record CollectSummary(CollectCounters Counters, TimeSpan Elapsed, IReadOnlyList<string> Failures, long Unstored);
