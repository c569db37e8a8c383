namespace Puppylog.Records;

/// <summary>Records at rest that can be opened as a view: an encoded block of a store, or a batch in memory.</summary>
abstract class RecordBlock
{
    public abstract int Count { get; }

    public abstract long MinTime { get; }

    public abstract long MaxTime { get; }

    /// <summary>Where it lies, for messages about it; null where that says nothing.</summary>
    public virtual string? Place => null;

    /// <summary>
    /// Opens the block; cheap, as columns are decoded when they are asked for. Each call gives a view of its own.
    /// </summary>
    /// <exception cref="CorruptDataException">The block's header does not verify.</exception>
    public abstract RecordView Open();
}
