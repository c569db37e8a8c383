using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Retention;

/// <summary>What goes by a policy: whole sealed segments, the oldest first, by the times of their records.</summary>
/// <param name="Dropped">Sealed segments that go now.</param>
/// <param name="Sealed">Open segments to seal, so that they can go.</param>
sealed record RetentionPlan(IReadOnlyList<SegmentSummary> Dropped, IReadOnlyList<long> Sealed)
{
    /// <param name="segments">All segments.</param>
    /// <param name="policy">What is kept.</param>
    /// <param name="now">Nanoseconds since 1970 UTC; null where the clock is not to be trusted at the moment.</param>
    /// <param name="otherBytes">Bytes of the data directory beside segments.</param>
    public static RetentionPlan Make(IReadOnlyList<SegmentSummary> segments, RetentionPolicy policy, long? now, long otherBytes)
    {
        var byAge = segments.Where(segment => segment.Blocks > 0).OrderBy(segment => Newest(segment, now)).ThenBy(segment => segment.Segment.Id).ToList();
        var dropped = new List<SegmentSummary>();
        var toSeal = new List<long>();
        var bytes = otherBytes + segments.Sum(segment => segment.Segment.Length);
        foreach (var segment in byAge)
        {
            var isOld = now is { } time && policy.Age is { } age && Newest(segment, now) < time - (age.Ticks * 100);
            if (!isOld && !(bytes > policy.Bytes))
            {
                continue;
            }

            // What is being written goes with the next look.
            bytes -= segment.Segment.Length;
            if (segment.Segment.State == SegmentState.Open)
            {
                toSeal.Add(segment.Segment.Id);
            }
            else
            {
                dropped.Add(segment);
            }
        }

        return new(dropped, toSeal);
    }

    /// <summary>
    /// How new a segment is: its newest record's time; where that is yet to come, the time when the record was stored. So a
    /// record that claims to be of 2100 ages like the ones that came with it, and keeps nothing from being dropped.
    /// </summary>
    static long Newest(in SegmentSummary segment, long? now) => now is not { } time || segment.MaxTime <= time
        ? segment.MaxTime
        : segment.Written > 0 && segment.Written <= time ? segment.Written : time;
}
