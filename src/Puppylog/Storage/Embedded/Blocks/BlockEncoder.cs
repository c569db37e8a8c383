using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Encodes records of a batch into a block's bytes. Not thread-safe; keeps its buffers for the next block.</summary>
sealed class BlockEncoder
{
    /// <param name="batch">The records.</param>
    /// <param name="rows">Which of them, in the order in which they are stored.</param>
    public EncodedBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows) => throw new NotSupportedException();
}
