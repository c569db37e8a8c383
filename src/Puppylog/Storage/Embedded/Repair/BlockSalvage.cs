using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>Encodes what is left of a block anew, where times and lines are whole and only other columns, or the filter of words, are not.</summary>
static class BlockSalvage
{
    /// <summary>The new body, with the records and times of the old; null where records have lost their time or line.</summary>
    public static byte[]? TryEncode(ReadOnlyMemory<byte> body, IBlockCodec codec, FrameEntry expected)
    {
        try
        {
            var view = codec.Open(new MemoryBlockBytes(body));
            if (view.Count != expected.Records || view.Column(FieldNames.Raw) is not { } lines)
            {
                return null;
            }

            var batch = new RecordBatch(RecordShape.Plain);
            CopyLines(view, lines, batch);
            foreach (var name in view.FieldNames.Where(name => name != FieldNames.Message))
            {
                CopyField(view, name, batch);
            }

            using var block = codec.Encode(batch, [.. Enumerable.Range(0, batch.Count)]);
            return (block.MinTime, block.MaxTime) == (expected.MinTime, expected.MaxTime) ? block.Body.ToArray() : null;
        }
        catch (Exception e) when (e is CorruptDataException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    static void CopyLines(RecordView view, ColumnVector lines, RecordBatch batch)
    {
        var messages = Readable(view, FieldNames.Message);
        for (var row = 0; row < view.Count; row++)
        {
            var line = batch.Append(lines.Value(row));
            var message = messages is null || messages.Value(row).SequenceEqual(batch.Value(line)) ? line : batch.Append(messages.Value(row));
            batch.Add(view.Times.Nanoseconds[row], line, message, 0);
        }
    }

    static void CopyField(RecordView view, string name, RecordBatch batch)
    {
        if (Readable(view, name) is not { } column)
        {
            return;
        }

        for (var row = 0; row < view.Count; row++)
        {
            if (column.IsPresent(row))
            {
                batch.Column(name).Set(row, batch.Append(column.Value(row)), column.Kind(row));
            }
        }
    }

    static ColumnVector? Readable(RecordView view, string name)
    {
        try
        {
            return view.Column(name);
        }
        catch (CorruptDataException)
        {
            return null;
        }
    }
}
