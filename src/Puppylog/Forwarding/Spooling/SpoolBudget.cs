namespace Puppylog.Forwarding.Spooling;

/// <summary>The bytes that all spools of an agent may have on disk. Safe for several threads.</summary>
sealed class SpoolBudget(long limit)
{
    long _used;

    public long Limit => limit;

    public long Used => Volatile.Read(ref _used);

    /// <summary>True while sources must wait. What was taken in already is written all the same.</summary>
    public bool IsFull => Used >= limit;

    /// <summary>A file is ended at this length: so small that what is acknowledged soon goes.</summary>
    public long FileLength => Math.Clamp(limit / 16, 64 << 10, 16 << 20);

    public void Take(long bytes) => Interlocked.Add(ref _used, bytes);

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
