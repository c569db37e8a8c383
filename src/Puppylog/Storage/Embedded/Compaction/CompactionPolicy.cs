using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Which segments are worth being written anew.</summary>
static class CompactionPolicy
{
    /// <summary>A block is full with half of the records that it may have, or with the bytes that so much text packs to.</summary>
    public const int FullRecords = RecordBatch.MaxRecords / 2;

    public const int FullBytes = 384 << 10;

    /// <summary>Fewer small blocks than this cost a query nothing that it would notice.</summary>
    const int MinSmallBlocks = 16;

    /// <summary>What is this much larger than all that would be joined with it is not written again for its sake.</summary>
    const int MaxRatio = 4;

    /// <summary>A day to which nothing was added for so long is brought into its final form.</summary>
    const long FinalAfter = 3600 * Timestamps.Second;

    /// <param name="segments">All segments.</param>
    /// <param name="now">Nanoseconds since 1970 UTC.</param>
    /// <param name="maxBytes">Bytes of the segments of one job.</param>
    /// <param name="everything">Somebody has asked for it: also what would not be worth it yet.</param>
    /// <param name="isBarred">Segments that were tried in vain.</param>
    /// <param name="sealBlocks">Blocks with which a segment is sealed: so many are always worth it.</param>
    public static List<CompactionJob> Plan(
        IEnumerable<SegmentSummary> segments, long now, long maxBytes, bool everything, Func<long, bool> isBarred, int sealBlocks = MinSmallBlocks)
    {
        var jobs = new List<CompactionJob>();
        foreach (var day in segments.Where(segment => segment.Blocks > 0).GroupBy(segment => segment.Segment.Day))
        {
            var run = new List<SegmentSummary>();
            foreach (var segment in day.OrderBy(segment => segment.FirstCommit))
            {
                var fits = run.Sum(member => member.Segment.Length) + segment.Segment.Length <= maxBytes;
                if (IsWasteful(segment) && !isBarred(segment.Segment.Id) && (fits || run.Count == 0))
                {
                    run.Add(segment);
                    continue;
                }

                Add(jobs, run, now, everything, Math.Min(MinSmallBlocks, sealBlocks));
                run = IsWasteful(segment) && !isBarred(segment.Segment.Id) ? [segment] : [];
            }

            Add(jobs, run, now, everything, Math.Min(MinSmallBlocks, sealBlocks));
        }

        return jobs;
    }

    /// <summary>Open segments whose small blocks wait for nothing but being sealed.</summary>
    public static IEnumerable<long> WorthSealing(IEnumerable<SegmentSummary> segments, long now, TimeSpan quiet, bool everything) =>
        segments
            .Where(segment => segment.Segment.State == SegmentState.Open && (everything
                ? segment.SmallBlocks >= 2
                : segment.SmallBlocks >= MinSmallBlocks && segment.Written < now - (quiet.Ticks * 100)))
            .Select(segment => segment.Segment.Id);

    /// <summary>At least half of its blocks are small; few big ones are better left alone.</summary>
    static bool IsWasteful(in SegmentSummary segment) =>
        segment.Segment.State is SegmentState.Sealed or SegmentState.Abandoned
        && !segment.IsDamaged
        && segment.SmallBlocks > 0
        && segment.SmallBlocks * 2 >= segment.Blocks;

    static void Add(List<CompactionJob> jobs, List<SegmentSummary> run, long now, bool everything, int minSmall)
    {
        if (run.Count == 0)
        {
            return;
        }

        var isFinal = everything || run.Max(segment => segment.Written) < now - FinalAfter;
        var first = 0;
        while (!isFinal && first < run.Count - 1 && run[first].Records > MaxRatio * run.Skip(first + 1).Sum(segment => segment.Records))
        {
            first++;
        }

        var small = run.Skip(first).Sum(segment => segment.SmallBlocks);
        if (small >= (isFinal ? 2 : minSmall))
        {
            jobs.Add(new(run[0].Segment.Day, run.GetRange(first, run.Count - first)));
        }
    }
}
