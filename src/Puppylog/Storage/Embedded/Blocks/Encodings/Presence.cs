using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>Which records have a value: 0 where all have one, else 1 and a section with a bit per record.</summary>
static class Presence
{
    public static void Write(ByteWriter target, in ColumnInput column, int present)
    {
        if (present == column.Rows.Length)
        {
            target.Byte(0);
            return;
        }

        target.Byte(1);
        var bits = new byte[Bits.ByteCount(column.Rows.Length)];
        for (var i = 0; i < column.Rows.Length; i++)
        {
            if (!column.Spans[column.Rows[i]].IsAbsent)
            {
                bits[i >> 3] |= (byte)(1 << (i & 7));
            }
        }

        Section.Write(target, bits, 2);
    }

    /// <summary>The records that have a value; null where all have one.</summary>
    public static RowBitmap? Read(ref ByteReader source, int count)
    {
        if (source.Byte() == 0)
        {
            return null;
        }

        var bits = Section.Read(ref source);
        if (bits.Length != Bits.ByteCount(count))
        {
            throw new CorruptDataException("a column's presence bits have another length than the column");
        }

        var present = new RowBitmap(count);
        for (var i = 0; i < count; i++)
        {
            if ((bits[i >> 3] >> (i & 7) & 1) != 0)
            {
                present[i] = true;
            }
        }

        return present;
    }

    /// <summary>Moves the values of the records that have one to their rows; from the back, so that none is overwritten before it is moved.</summary>
    /// <param name="values">As long as the column; its beginning holds the values that are there.</param>
    /// <param name="present">The records that have one.</param>
    public static void Spread<T>(Span<T> values, RowBitmap present)
        where T : struct
    {
        var dense = present.CountSet();
        for (var i = values.Length - 1; i >= 0; i--)
        {
            values[i] = present[i] ? values[--dense] : default;
        }
    }
}
