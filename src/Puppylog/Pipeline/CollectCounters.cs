using Puppylog.Processing;

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
    long _joined;
    long _redacted;
    long _cappedFields;
    long _shortened;
    readonly long[] _dropped = new long[5];
    long _unnamed;
    long _replaced;

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

    /// <summary>Lines that went on with the record of the line before them.</summary>
    public long Joined { get => Volatile.Read(ref _joined); init => _joined = value; }

    /// <summary>Places in lines that were redacted.</summary>
    public long Redacted { get => Volatile.Read(ref _redacted); init => _redacted = value; }

    /// <summary>Fields that records lost because they had too many; their lines have them.</summary>
    public long CappedFields { get => Volatile.Read(ref _cappedFields); init => _cappedFields = value; }

    /// <summary>Values that lost their end because they were too long; their lines have it.</summary>
    public long Shortened { get => Volatile.Read(ref _shortened); init => _shortened = value; }

    /// <summary>Halves of characters in UTF-16 that were stored as U+FFFD, as nothing else can stand for them.</summary>
    public long Replaced { get => Volatile.Read(ref _replaced); init => _replaced = value; }

    /// <summary>Records that were dropped by wish.</summary>
    public long Dropped => Enum.GetValues<DropReason>().Sum(DroppedFor);

    /// <summary>Records that were dropped by wish for that reason.</summary>
    public long DroppedFor(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>What a chain did to a batch.</summary>
    public void Add(ProcessedBatch done)
    {
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            AddDropped(reason, done.Dropped(reason));
        }

        Interlocked.Add(ref _cappedFields, done.CappedFields);
        Interlocked.Add(ref _shortened, done.CutValues);
    }

    public void AddDropped(DropReason reason, long records) => Interlocked.Add(ref _dropped[(int)reason], records);

    public void AddJoined(long lines) => Interlocked.Add(ref _joined, lines);

    public void AddRedacted(long places) => Interlocked.Add(ref _redacted, places);

    public void AddRead(long lines) => Interlocked.Add(ref _read, lines);

    public void AddStored(long records) => Interlocked.Add(ref _stored, records);

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void AddRemaining(long bytes) => Interlocked.Add(ref _remaining, bytes);

    public void AddInvalid(long lines = 1) => Interlocked.Add(ref _invalid, lines);

    public void AddKept() => Interlocked.Increment(ref _kept);

    public void AddUnnamed(long fields) => Interlocked.Add(ref _unnamed, fields);

    public void AddReplaced(long halves) => Interlocked.Add(ref _replaced, halves);

    public void AddCut() => Interlocked.Increment(ref _cut);
}
