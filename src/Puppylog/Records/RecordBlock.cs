namespace Puppylog.Records;

/// <summary>Records at rest that can be opened as a view: an encoded block of a store, or a batch in memory.</summary>
abstract class RecordBlock
{
    public abstract int Count { get; }

    public abstract long MinTime { get; }

    public abstract long MaxTime { get; }

    /// <summary>Grows in the order in which records were stored, and decides between those of one time; 0 where nobody knows.</summary>
    public virtual long Arrival => 0;

    /// <summary>Where it lies, for messages about it; null where that says nothing.</summary>
    public virtual string? Place => null;

    /// <summary>
    /// Opens the block; cheap, as columns are decoded when they are asked for. Each call gives a view of its own.
    /// </summary>
    /// <exception cref="CorruptDataException">The block's header does not verify.</exception>
    public abstract RecordView Open();

    /// <summary>
    /// The arrivals of its rows, one after the other, where they came at different times and were joined later; else empty.
    /// </summary>
    public virtual IReadOnlyList<ArrivedRows> ReadArrivals() => [];
}
