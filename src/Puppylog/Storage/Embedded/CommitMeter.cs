using Puppylog.Diagnostics;

namespace Puppylog.Storage.Embedded;

/// <summary>What a writing process has committed since its start. Safe for several threads.</summary>
sealed class CommitMeter
{
    long _records;
    long _failed;

    /// <summary>Records that are on disk.</summary>
    public long Records => Volatile.Read(ref _records);

    /// <summary>Commits that were refused, or given up.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>From the call to the answer, which is behind the disk: waiting for others, and encoding, included.</summary>
    public DurationHistogram Durations { get; } = new();

    public void Add(CommitReceipt receipt, TimeSpan duration)
    {
        Durations.Add(duration);
        if (!receipt.AlreadyStored)
        {
            Interlocked.Add(ref _records, receipt.Records);
        }
    }

    public void AddFailed() => Interlocked.Increment(ref _failed);
}
