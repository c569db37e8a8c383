using Puppylog.Pipeline;
using Puppylog.Processing;

namespace Puppylog.App.Api;

/// <summary>Records that were dropped by wish, by the reason.</summary>
sealed record DroppedTotals(long Filter, long Sample, long Duplicate, long Rate)
{
    public static DroppedTotals Of(CollectCounters counters) => new(
        counters.DroppedFor(DropReason.Filter), counters.DroppedFor(DropReason.Sample), counters.DroppedFor(DropReason.Duplicate), counters.DroppedFor(DropReason.Rate));
}
