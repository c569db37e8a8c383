namespace Puppylog.Storage.Embedded.Verification;

/// <summary>How far a verification is. Written by several threads, read by whoever shows it.</summary>
sealed class VerifyProgress
{
    long _bytes;
    long _total;
    long _records;

    /// <summary>Bytes of blocks that were read.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Bytes of blocks that there are.</summary>
    public long Total { get => Volatile.Read(ref _total); set => Volatile.Write(ref _total, value); }

    /// <summary>Records in the blocks that were read.</summary>
    public long Records => Volatile.Read(ref _records);

    public void Add(long bytes, long records)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _records, records);
    }
}
