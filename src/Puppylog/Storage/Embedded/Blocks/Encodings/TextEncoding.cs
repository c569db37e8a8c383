using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>Any bytes: 1 + the length per record (0: absent), the bytes one after the other, whether kinds follow, kinds.</summary>
static class TextEncoding
{
    public static void Write(ByteWriter target, in ColumnInput column, EncoderScratch scratch, int textQuality)
    {
        var lengths = scratch.Numbers(column.Rows.Length);
        var gathered = scratch.Gathered;
        gathered.Clear();
        for (var i = 0; i < lengths.Length; i++)
        {
            var span = column.Spans[column.Rows[i]];
            lengths[i] = span.Length + 1;
            if (span.Length > 0)
            {
                gathered.Bytes(column.Value(span));
            }
        }

        PackedIntegers.Write(target, lengths, scratch.Integers, mayAscend: false);
        Section.Write(target, gathered.Written, textQuality, scratch.Integers.Sections);
        target.Byte(column.Kinds is null ? (byte)0 : (byte)1);
        if (column.Kinds is { } kinds)
        {
            var kindBytes = scratch.Integers.Bytes(column.Rows.Length);
            for (var i = 0; i < kindBytes.Length; i++)
            {
                kindBytes[i] = (byte)kinds.Kind(column.Rows[i]);
            }

            Section.Write(target, kindBytes, textQuality);
        }
    }

    public static TextVector Read(ref ByteReader source, int count)
    {
        var lengths = new long[count];
        PackedIntegers.Read(ref source, lengths);
        var bytes = Section.Read(ref source);
        var spans = new ByteSpan[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = lengths[i] - 1;
            if (length < -1 || length > bytes.Length - at)
            {
                throw new CorruptDataException("a column's lengths go past its bytes");
            }

            spans[i] = length < 0 ? ByteSpan.Absent : new(at, (int)length);
            at += Math.Max(0, (int)length);
        }

        byte[]? kinds = null;
        if (source.Byte() != 0)
        {
            kinds = Section.Read(ref source);
            if (kinds.Length != count)
            {
                throw new CorruptDataException("a column has more or fewer kinds than records");
            }
        }

        return new(count, bytes, spans, kinds);
    }
}
