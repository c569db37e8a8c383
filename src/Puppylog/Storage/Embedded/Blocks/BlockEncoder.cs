using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Encodes records of a batch into a block's bytes (docs/formats/block.md), choosing each column's encoding from its
/// values. Not thread-safe; keeps its buffers for the next block.
/// </summary>
sealed class BlockEncoder
{
    /// <summary>
    /// Brotli's quality for text. 1 takes 0.6 of the time of 2, and 1.04 of its room
    /// (bench/results/2026-11-22-collect-cpu.md).
    /// </summary>
    public const int TextQuality = 1;

    readonly BlockChunks _chunks = new();
    readonly ByteWriter _directory = new();
    readonly LineWriter _lines;
    readonly FieldWriter _fields;

    public BlockEncoder()
    {
        var columns = new ColumnWriter(_chunks);
        _lines = new LineWriter(_chunks, columns);
        _fields = new FieldWriter(_chunks, columns);
    }

    /// <param name="batch">The records.</param>
    /// <param name="rows">Which of them, in the order in which they are stored.</param>
    /// <param name="kept">Columns that are handed out beside the bytes, too; null for none.</param>
    public EncodedBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows, IReadOnlySet<string>? kept = null)
    {
        _chunks.Clear();
        _chunks.Kept = kept is null ? null : new(kept, batch.Shape);
        long min = long.MaxValue, max = long.MinValue;
        foreach (var row in rows)
        {
            min = Math.Min(min, batch.Times[row]);
            max = Math.Max(max, batch.Times[row]);
        }

        _chunks.Kept?.AddTimes(batch.Times, rows);
        _fields.Bind(batch, rows);
        var start = _chunks.Bytes.Length;
        TimestampEncoding.Write(_chunks.Bytes, batch.Times, rows, _chunks.Scratch);
        _chunks.Add(FieldNames.Time, ColumnEncoding.Timestamp, start, null);

        var timeIsDerived = _lines.WriteLines(batch, rows, _fields);
        _lines.WriteMessages(batch, rows);
        _fields.Write(batch, rows, timeIsDerived);
        foreach (var entry in _chunks.Entries)
        {
            _chunks.Kept?.Hide(entry.Name);
        }

        var body = Assemble(batch.Shape, rows.Length, min, max, out var buffer);
        return new EncodedBlock(body, rows.Length, min, max) { Buffer = buffer, Kept = _chunks.Kept };
    }

    Memory<byte> Assemble(RecordShape shape, int count, long min, long max, out byte[] buffer)
    {
        _directory.Clear();
        var chunks = _chunks.Bytes;
        var wordsStart = chunks.Length;
        _chunks.Words.Write(chunks);
        var words = _chunks.PlaceFrom(wordsStart);
        var namesStart = chunks.Length;
        _fields.WriteNames();
        BlockDirectory.Write(_directory, shape, count, min, max, _chunks.Entries, words, _chunks.PlaceFrom(namesStart));
        var length = BlockFormat.HeaderLength + _directory.Length + chunks.Length;
        // A new array of a megabyte per block would be memory that the system has to clear first.
        buffer = ArrayPool<byte>.Shared.Rent(length);
        var body = buffer.AsSpan(0, length);
        BinaryPrimitives.WriteUInt32LittleEndian(body, BlockFormat.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], BlockFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)_directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], Crc32C.Compute(_directory.Written));
        _directory.Written.CopyTo(body[BlockFormat.HeaderLength..]);
        chunks.Written.CopyTo(body[(BlockFormat.HeaderLength + _directory.Length)..]);
        return buffer.AsMemory(0, length);
    }
}
