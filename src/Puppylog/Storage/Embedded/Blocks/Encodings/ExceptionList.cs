using System.Runtime.InteropServices;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Values of a column that its encoding does not reproduce: their number, and where there are any, as integers their places
/// among the values that are present, and their text as a column.
/// </summary>
sealed class ExceptionList
{
    readonly List<long> _places = [];
    readonly List<ByteSpan> _spans = [];

    public int Count => _places.Count;

    public void Clear()
    {
        _places.Clear();
        _spans.Clear();
    }

    public void Add(int place, ByteSpan span)
    {
        _places.Add(place);
        _spans.Add(span);
    }

    public void Write(ByteWriter target, ReadOnlySpan<byte> bytes, EncoderScratch scratch)
    {
        target.Varint((ulong)Count);
        if (Count > 0)
        {
            PackedIntegers.Write(target, CollectionsMarshal.AsSpan(_places), scratch.Integers);
            NestedColumn.Write(target, ColumnInput.Of(bytes, CollectionsMarshal.AsSpan(_spans), scratch), scratch.Nested, new());
        }
    }

    /// <summary>The places and texts of the exceptions; no places where there are none.</summary>
    public static (long[] Places, ColumnVector? Values) Read(ref ByteReader source, int present, NestingLimit limit)
    {
        var places = new long[source.Size(present)];
        if (places.Length == 0)
        {
            return (places, null);
        }

        PackedIntegers.Read(ref source, places);
        long next = 0;
        foreach (var place in places)
        {
            if (place < next || place >= present)
            {
                throw new CorruptDataException("an exception lies outside of its column");
            }

            next = place + 1;
        }

        return (places, NestedColumn.Read(ref source, places.Length, limit));
    }

    /// <summary>All values of a column as text: those that its encoding gives and the exceptions between them.</summary>
    public static TextVector Merge(int count, RowBitmap? present, ColumnVector regular, long[] places, ColumnVector exceptions, byte kind)
    {
        var (ordinary, odd) = (PlainText.Of(regular), PlainText.Of(exceptions));
        var bytes = new byte[ordinary.Bytes.Length + odd.Bytes.Length];
        ordinary.Bytes.CopyTo(bytes, 0);
        odd.Bytes.CopyTo(bytes, ordinary.Bytes.Length);
        var spans = new ByteSpan[count];
        int rank = 0, exception = 0;
        for (var row = 0; row < count; row++)
        {
            if (present is not null && !present[row])
            {
                spans[row] = ByteSpan.Absent;
                continue;
            }

            if (exception < places.Length && places[exception] == rank)
            {
                var span = odd.Spans[exception++];
                spans[row] = span with { Offset = span.Offset + ordinary.Bytes.Length };
            }
            else
            {
                spans[row] = ordinary.Spans[rank - exception];
            }

            rank++;
        }

        byte[]? kinds = null;
        if (kind != 0)
        {
            kinds = new byte[count];
            Array.Fill(kinds, kind);
        }

        return new(count, bytes, spans, kinds);
    }
}
