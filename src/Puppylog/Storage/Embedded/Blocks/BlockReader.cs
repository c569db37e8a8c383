using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Opens a block's bytes as a view. Trusts no length: what does not verify is a <see cref="CorruptDataException"/>.</summary>
static class BlockReader
{
    public static RecordView Open(BlockBytes bytes) => throw new NotSupportedException();
}
