using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>Turns records into a block's bytes and back. Thread-safe.</summary>
interface IBlockCodec
{
    /// <summary>The bytes belong to the caller, who gives them back by disposing.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="kept">Columns that whoever opens the bytes next will ask for; null for none.</param>
    PooledBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows, IReadOnlySet<string>? kept = null);

    RecordView Open(BlockBytes bytes);

    /// <summary>The shape of a block that this codec has opened.</summary>
    RecordShape ShapeOf(RecordView view);

    /// <summary>The columns that such a block stores beside times, lines and messages, hidden ones included.</summary>
    IReadOnlyList<string> StoredColumns(RecordView view);

    /// <summary>Adds records of such a block to a batch of its shape, as their parser once did.</summary>
    /// <exception cref="CorruptDataException">The block does not verify; the batch is of no use then.</exception>
    void CopyTo(RecordBatch batch, RecordView view, int first, int count);
}
