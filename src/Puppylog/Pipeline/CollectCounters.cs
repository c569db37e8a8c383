namespace Puppylog.Pipeline;

/// <summary>What a run did so far. Written by the collector alone; others may read while it runs.</summary>
sealed class CollectCounters
{
    long _read;
    long _stored;
    long _bytes;
    long _remaining;

    /// <summary>Lines read.</summary>
    public long Read { get => Volatile.Read(ref _read); set => Volatile.Write(ref _read, value); }

    /// <summary>Records that are on disk.</summary>
    public long Stored { get => Volatile.Read(ref _stored); set => Volatile.Write(ref _stored, value); }

    /// <summary>Bytes read, newlines included.</summary>
    public long Bytes { get => Volatile.Read(ref _bytes); set => Volatile.Write(ref _bytes, value); }

    /// <summary>Bytes that the sources still have, as far as is known.</summary>
    public long Remaining { get => Volatile.Read(ref _remaining); set => Volatile.Write(ref _remaining, value); }

    /// <summary>Lines that did not match their format and were not stored.</summary>
    public long Invalid { get; set; }

    /// <summary>Lines that did not match their format and were stored as text.</summary>
    public long Kept { get; set; }

    /// <summary>Fields that have no value under their name, because the name is longer than 1,024 bytes; the original line has them.</summary>
    public long Unnamed { get; set; }

    /// <summary>Lines that were too long and lost their end.</summary>
    public long Cut { get; set; }
}
