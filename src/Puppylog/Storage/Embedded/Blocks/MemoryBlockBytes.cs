using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A block's body in memory.</summary>
sealed class MemoryBlockBytes(ReadOnlyMemory<byte> body) : BlockBytes
{
    public override int Length => body.Length;

    public override void Read(int offset, Span<byte> target)
    {
        if (offset < 0 || target.Length > body.Length - offset)
        {
            throw new CorruptDataException("a read past the end of a block");
        }

        body.Span.Slice(offset, target.Length).CopyTo(target);
    }
}
