using System.Collections.Concurrent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>The block format of docs/formats/block.md. Encoders are kept for their buffers.</summary>
sealed class BlockCodec : IBlockCodec
{
    /// <summary>Values without a column beyond which an encoder's buffers take some 50 MB.</summary>
    const int ManyValues = 1 << 15;

    readonly ConcurrentBag<BlockEncoder> _encoders = [];

    /// <summary>At most one, for batches of very many fields: they are encoded one after the other. Guarded by itself.</summary>
    readonly ConcurrentBag<BlockEncoder> _wide = [];

    public static BlockCodec Instance { get; } = new();

    public PooledBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows, IReadOnlySet<string>? kept = null)
    {
        if (batch.Overflow.Length > ManyValues)
        {
            lock (_wide)
            {
                return Encode(_wide, batch, rows, kept);
            }
        }

        return Encode(_encoders, batch, rows, kept);
    }

    static PooledBlock Encode(ConcurrentBag<BlockEncoder> encoders, RecordBatch batch, ReadOnlySpan<int> rows, IReadOnlySet<string>? kept)
    {
        if (!encoders.TryTake(out var encoder))
        {
            encoder = new BlockEncoder();
        }

        // An encoder that has thrown is not used again.
        var block = encoder.Encode(batch, rows, kept);
        encoders.Add(encoder);
        return PooledBlock.Of(block);
    }

    public RecordView Open(BlockBytes bytes) => BlockReader.Open(bytes);

    public RecordShape ShapeOf(RecordView view) => ((BlockView)view).Shape;

    public IReadOnlyList<string> StoredColumns(RecordView view) => BlockRows.StoredColumns((BlockView)view);

    public void CopyTo(RecordBatch batch, RecordView view, int first, int count) => BlockRows.CopyTo(batch, (BlockView)view, first, count);
}
