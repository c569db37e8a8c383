namespace Puppylog.Diagnostics;

/// <summary>How often something took how long. Safe for several threads.</summary>
sealed class DurationHistogram
{
    /// <summary>Upper ends of the buckets, in seconds; longer ones are in none.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    readonly long[] _counts = new long[Bounds.Count + 1];
    long _ticks;

    public void Add(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = 0;
        while (bucket < Bounds.Count && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }

    /// <summary>How many took up to a bound, for each of <see cref="Bounds"/>; how many there were; and their seconds together.</summary>
    public (long[] UpTo, long Count, double Seconds) Read()
    {
        var upTo = new long[Bounds.Count];
        var sum = 0L;
        for (var bucket = 0; bucket < upTo.Length; bucket++)
        {
            sum += Volatile.Read(ref _counts[bucket]);
            upTo[bucket] = sum;
        }

        return (upTo, sum + Volatile.Read(ref _counts[^1]), TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds);
    }
}
