using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Turns records into a block's bytes and back. Thread-safe.</summary>
interface IBlockCodec
{
    /// <summary>The bytes belong to the caller, who gives them back by disposing.</summary>
    PooledBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows);

    RecordView Open(BlockBytes bytes);
}
