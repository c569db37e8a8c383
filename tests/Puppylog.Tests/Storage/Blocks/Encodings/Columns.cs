using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks.Encodings;

/// <summary>Writes and reads columns by hand.</summary>
static class Columns
{
    public delegate bool Writer(ByteWriter target, in ColumnInput column, EncoderScratch scratch);

    /// <summary>The chunk that an encoding makes of the values; null where it refuses them.</summary>
    public static byte[]? Write(IReadOnlyList<byte[]?> values, Writer writer)
    {
        // A byte before each value, so that empty ones have a place and none begins at 0.
        var bytes = values.SelectMany(value => (byte[])[0xFF, .. value ?? []]).ToArray();
        var spans = new ByteSpan[values.Count];
        var at = 0;
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = values[i] is { } value ? new(at + 1, value.Length) : ByteSpan.Absent;
            at += 1 + (values[i]?.Length ?? 0);
        }

        var target = new ByteWriter();
        var scratch = new EncoderScratch();
        scratch.Limit.Reset(values.Count);
        var written = writer(target, ColumnInput.Of(bytes, spans, scratch), scratch);
        if (!written)
        {
            Assert.Equal(0, target.Length);
        }

        return written ? target.Written.ToArray() : null;
    }

    public static ColumnVector Read(ColumnEncoding encoding, byte[] chunk, int count)
    {
        var reader = new ByteReader(chunk);
        var column = NestedColumn.ReadPlain(encoding, ref reader, count, NestingLimit.OfReader(count));
        Assert.Equal(0, reader.Remaining);
        return column;
    }

    public static void AssertHolds(IReadOnlyList<byte[]?> values, ColumnVector column)
    {
        Assert.Equal(values.Count, column.Count);
        var plain = PlainText.Of(column);
        for (var i = 0; i < values.Count; i++)
        {
            Assert.Equal(values[i] is not null, column.IsPresent(i));
            Assert.Equal(values[i] is not null, plain.IsPresent(i));
            Assert.Equal(values[i] ?? [], column.Value(i).ToArray());
            Assert.Equal(values[i] ?? [], plain.Value(i).ToArray());
        }
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
