using Puppylog.Pipeline;

namespace Puppylog.App.Api;

/// <summary>As the summary of <c>collect</c>.</summary>
sealed record CollectedTotals(long Read, long Stored, long Invalid, long Bytes, long Remaining, long Dropped, DroppedTotals DroppedBy, long Redacted)
{
    public static CollectedTotals Of(CollectCounters counters) => new(
        counters.Read, counters.Stored, counters.Invalid, counters.Bytes, counters.Remaining, counters.Dropped, DroppedTotals.Of(counters), counters.Redacted);
}
