namespace Puppylog.Pipeline;

/// <summary>What a run did so far. Safe for several threads.</summary>
sealed class CollectCounters
{
    long _read;
    long _stored;
    long _bytes;
    long _remaining;
    long _invalid;
    long _kept;
    long _cut;
    long _unnamed;

    /// <summary>Lines read.</summary>
    public long Read { get => Volatile.Read(ref _read); init => _read = value; }

    /// <summary>Records that are on disk.</summary>
    public long Stored { get => Volatile.Read(ref _stored); init => _stored = value; }

    /// <summary>Bytes read, newlines included.</summary>
    public long Bytes { get => Volatile.Read(ref _bytes); init => _bytes = value; }

    /// <summary>Bytes that the sources still have, as far as is known.</summary>
    public long Remaining { get => Volatile.Read(ref _remaining); init => _remaining = value; }

    /// <summary>Lines that did not match their format and were not stored.</summary>
    public long Invalid { get => Volatile.Read(ref _invalid); init => _invalid = value; }

    /// <summary>Lines that did not match their format and were stored as text.</summary>
    public long Kept { get => Volatile.Read(ref _kept); init => _kept = value; }

    /// <summary>Fields that have no value under their name, because the name is longer than 1,024 bytes; the original line has them.</summary>
    public long Unnamed { get => Volatile.Read(ref _unnamed); init => _unnamed = value; }

    /// <summary>Lines that were too long and lost their end.</summary>
    public long Cut { get => Volatile.Read(ref _cut); init => _cut = value; }

    public void AddRead(long lines) => Interlocked.Add(ref _read, lines);

    public void AddStored(long records) => Interlocked.Add(ref _stored, records);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddRemaining(long bytes) => Interlocked.Add(ref _remaining, bytes);

    public void AddInvalid() => Interlocked.Increment(ref _invalid);

    public void AddKept() => Interlocked.Increment(ref _kept);

    public void AddUnnamed(long fields) => Interlocked.Add(ref _unnamed, fields);

    public void AddCut() => Interlocked.Increment(ref _cut);
}
