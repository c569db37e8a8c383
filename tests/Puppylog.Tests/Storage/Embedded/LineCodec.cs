using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>A block format for tests of everything around blocks: times and lines, with a checksum.</summary>
sealed class LineCodec : IBlockCodec
{
    public PooledBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows, IReadOnlySet<string>? kept = null)
    {
        var target = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new FixedWriter(target);
        var (min, max) = (long.MaxValue, long.MinValue);
        writer.Int32(rows.Length);
        foreach (var row in rows)
        {
            var time = batch.Times[row];
            (min, max) = (Math.Min(min, time), Math.Max(max, time));
            writer.Int64(time);
            writer.Text(Encoding.UTF8.GetString(batch.Value(batch.Lines[row])));
        }

        writer.Int32((int)Crc32C.Compute(target.WrittenSpan));
        return new PooledBlock(target.WrittenMemory, rows.Length, min, max, null);
    }

    public RecordView Open(BlockBytes bytes)
    {
        var body = new byte[bytes.Length];
        bytes.Read(0, body);
        var reader = new FixedReader(body.AsSpan(0, body.Length - 4));
        if (BitConverter.ToUInt32(body, body.Length - 4) != Crc32C.Compute(body.AsSpan(0, body.Length - 4)))
        {
            throw new CorruptDataException("the checksum is wrong");
        }

        var batch = new RecordBatch(RecordShape.Plain);
        var count = reader.Int32();
        for (var i = 0; i < count; i++)
        {
            var time = reader.Int64();
            var line = batch.Append(Encoding.UTF8.GetBytes(reader.Text()));
            batch.Add(time, line, line, 0);
        }

        return new BatchView(batch);
    }

    public RecordShape ShapeOf(RecordView view) => RecordShape.Plain;

    public IReadOnlyList<string> StoredColumns(RecordView view) => [];

    public void CopyTo(RecordBatch batch, RecordView view, int first, int count)
    {
        for (var row = first; row < first + count; row++)
        {
            var line = batch.Append(view.Column(FieldNames.Raw)!.Value(row));
            batch.Add(view.Times.Nanoseconds[row], line, line, 0);
        }
    }
}
