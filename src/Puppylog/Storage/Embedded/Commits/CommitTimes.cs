using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>The times of a commit's records, as far as whoever follows wants to know.</summary>
static class CommitTimes
{
    /// <summary>Nanoseconds: what is so near to the clock is live.</summary>
    const long Near = 3600 * Timestamps.Second;

    /// <summary>Of each block the newest time, and the newest one within an hour of the clock; in seconds since 1970 UTC.</summary>
    /// <param name="now">What the clock shows, in nanoseconds.</param>
    public static List<long> Newest(IEnumerable<EncodedPart> parts, IBlockCodec codec, long now)
    {
        var times = new List<long>();
        foreach (var (_, block) in parts)
        {
            times.Add(Seconds(block.MaxTime));
            // A clock that is wrong by hours, among others that are not: seldom, so that only then all times are looked at.
            if (block.MaxTime > now + Near && block.MinTime <= now + Near)
            {
                var newest = long.MinValue;
                foreach (var time in codec.Open(new MemoryBlockBytes(block.Body)).Times.Nanoseconds.AsSpan(0, block.Records))
                {
                    newest = time <= now + Near && time > newest ? time : newest;
                }

                times.Add(Seconds(newest));
            }
        }

        return times;
    }

    static long Seconds(long nanoseconds) => nanoseconds >= 0 ? nanoseconds / Timestamps.Second : ((nanoseconds + 1) / Timestamps.Second) - 1;
}
