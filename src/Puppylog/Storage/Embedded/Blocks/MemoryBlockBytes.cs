using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A block's body in memory.</summary>
/// <param name="body">The bytes.</param>
/// <param name="kept">Columns that need not be decoded; null for none.</param>
sealed class MemoryBlockBytes(ReadOnlyMemory<byte> body, KeptColumns? kept = null) : BlockBytes
{
    public override int Length => body.Length;

    public override object? Recall(string name) => kept?.Find(name);

    public override void Read(int offset, Span<byte> target)
    {
        if (offset < 0 || target.Length > body.Length - offset)
        {
            throw new CorruptDataException("a read past the end of a block");
        }

        body.Span.Slice(offset, target.Length).CopyTo(target);
    }
}
