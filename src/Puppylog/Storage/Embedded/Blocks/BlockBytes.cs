namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Where a block's body is read from, a range at a time.</summary>
abstract class BlockBytes
{
    public abstract int Length { get; }

    /// <exception cref="Records.CorruptDataException">The range is not there any more.</exception>
    public abstract void Read(int offset, Span<byte> target);

    /// <summary>What <see cref="Remember"/> was given under the name and is still kept; null where nothing is.</summary>
    public virtual object? Recall(string name) => null;

    /// <summary>Keeps something of the block for its next opening, as long as there is room.</summary>
    /// <param name="name">A column's name, or one that no column can have.</param>
    /// <param name="value">Read by several threads at a time.</param>
    /// <param name="bytes">What it holds, about.</param>
    public virtual void Remember(string name, object value, long bytes)
    {
    }
}
