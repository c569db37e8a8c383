namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Where a block's body is read from, a range at a time.</summary>
abstract class BlockBytes
{
    public abstract int Length { get; }

    /// <exception cref="Records.CorruptDataException">The range is not there any more.</exception>
    public abstract void Read(int offset, Span<byte> target);
}
