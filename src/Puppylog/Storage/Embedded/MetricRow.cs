namespace Puppylog.Storage.Embedded;

/// <summary>A metric as the store keeps it.</summary>
/// <param name="Number">Never used for another one; a metric that is filled anew gets another.</param>
/// <param name="Id">Its name.</param>
/// <param name="Definition">What it counts; the store does not read it.</param>
/// <param name="Created">When, in nanoseconds since 1970 UTC.</param>
/// <param name="Since">The commit after which commits are counted as they come; those before are filled in.</param>
/// <param name="IsFilled">False until the commits before are counted, too.</param>
/// <param name="Floor">The first chunk of periods that is still kept.</param>
sealed record MetricRow(long Number, string Id, string Definition, long Created, long Since, bool IsFilled, long Floor);
