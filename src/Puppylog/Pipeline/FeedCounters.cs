namespace Puppylog.Pipeline;

/// <summary>What came out of one source so far. Written by its lane alone; others may read while it runs.</summary>
sealed class FeedCounters
{
    long _lines;
    long _bytes;
    long _records;
    long _invalid;
    long _kept;
    long _dropped;

    public long Lines { get => Volatile.Read(ref _lines); set => Volatile.Write(ref _lines, value); }

    /// <summary>Bytes read, newlines included.</summary>
    public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }

    /// <summary>Records that were handed on to be stored, those of the batch that is being filled included.</summary>
    public long Records { get => Volatile.Read(ref _records); set => Volatile.Write(ref _records, value); }

    /// <summary>Lines that did not match their format and were not stored.</summary>
    public long Invalid { get => Volatile.Read(ref _invalid); set => Volatile.Write(ref _invalid, value); }

    /// <summary>Records that were dropped by wish.</summary>
    public long Dropped { get => Volatile.Read(ref _dropped); set => Volatile.Write(ref _dropped, value); }

    /// <summary>Lines that did not match their format and were stored as text.</summary>
    public long Kept { get => Volatile.Read(ref _kept); set => Volatile.Write(ref _kept, value); }
}
