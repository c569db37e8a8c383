using Puppylog.Pipeline;

namespace Puppylog.App.Api;

/// <summary>What came over HTTP: <c>entries = stored + invalid + dropped</c>. What was sent again and stored before is not counted.</summary>
/// <param name="Redacted">Places that were redacted.</param>
sealed record IngestedTotals(long Entries, long Stored, long Invalid, long Dropped, DroppedTotals DroppedBy, long Redacted)
{
    public static IngestedTotals Of(CollectCounters counters) => new(
        counters.Read, counters.Stored, counters.Invalid, counters.Dropped, DroppedTotals.Of(counters), counters.Redacted);
}
