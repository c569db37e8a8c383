using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Stats;

/// <summary>The days that a store has records of, each with a number that changes when its blocks do. Safe for several threads.</summary>
/// <param name="store">The store.</param>
/// <param name="clock">What time it is.</param>
sealed class StoredDays(IEmbeddedStore store, TimeProvider clock)
{
    /// <summary>A block with records of more days is one of all days: some record has a time that is far off.</summary>
    const long MostDays = 400;

    /// <summary>Retention and compaction make no commit: after so long their changes are looked for.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    (long Commit, long Read, IReadOnlyDictionary<long, ulong> Days)? _last;

    /// <summary>As of the last commit.</summary>
    /// <exception cref="Storage.LogStoreException">The catalogue cannot be read.</exception>
    public IReadOnlyDictionary<long, ulong> Read()
    {
        lock (_lock)
        {
            var commit = ((ICommitHistory)store).LastCommit;
            if (_last is not { } last || last.Commit != commit || clock.GetElapsedTime(last.Read) > Patience)
            {
                _last = last = (commit, clock.GetTimestamp(), Versions(store.Snapshot()));
            }

            return last.Days;
        }
    }

    /// <summary>A number per day, of all its blocks.</summary>
    public static Dictionary<long, ulong> Versions(IReadOnlyList<RecordBlock> blocks)
    {
        var days = new Dictionary<long, ulong>();
        var far = 0UL;
        foreach (var block in blocks)
        {
            var (first, last) = (Timestamps.FloorDiv(block.MinTime, RequestStats.DayLength), Timestamps.FloorDiv(block.MaxTime, RequestStats.DayLength));
            var own = Mix(Mix(Mix((ulong)block.Arrival) ^ (ulong)block.Count) ^ (ulong)block.MinTime) ^ (ulong)block.MaxTime;
            if (last - first >= MostDays)
            {
                far += Mix(own);
                days.TryAdd(first, 0);
                days.TryAdd(last, 0);
                continue;
            }

            for (var day = first; day <= last; day++)
            {
                days[day] = days.GetValueOrDefault(day) + Mix(own);
            }
        }

        if (far != 0)
        {
            foreach (var day in days.Keys.ToList())
            {
                days[day] += far;
            }
        }

        return days;
    }

    // SplitMix64's finish: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
