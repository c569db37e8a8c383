using System.Collections.Concurrent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>The block format of docs/formats/block.md. Encoders are kept for their buffers.</summary>
sealed class BlockCodec : IBlockCodec
{
    readonly ConcurrentBag<BlockEncoder> _encoders = [];

    public static BlockCodec Instance { get; } = new();

    public PooledBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        if (!_encoders.TryTake(out var encoder))
        {
            encoder = new BlockEncoder();
        }

        // An encoder that has thrown is not used again.
        var block = encoder.Encode(batch, rows);
        _encoders.Add(encoder);
        return PooledBlock.Of(block);
    }

    public RecordView Open(BlockBytes bytes) => BlockReader.Open(bytes);

    public RecordShape ShapeOf(RecordView view) => ((BlockView)view).Shape;

    public IReadOnlyList<string> StoredColumns(RecordView view) => BlockRows.StoredColumns((BlockView)view);

    public void CopyTo(RecordBatch batch, RecordView view, int first, int count) => BlockRows.CopyTo(batch, (BlockView)view, first, count);
}
