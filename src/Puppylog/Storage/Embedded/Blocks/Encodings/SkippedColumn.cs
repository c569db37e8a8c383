using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Passes a column within a column and leaves it to be decoded when it is asked for. Its lengths are checked when it is
/// passed, its contents when it is decoded.
/// </summary>
static class SkippedColumn
{
    /// <summary>Fewer values are decoded at once.</summary>
    const int WorthSkipping = 64;

    public static ColumnVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        var start = source;
        var encoding = (ColumnEncoding)source.Byte();
        source = start;
        if (count < WorthSkipping || encoding is ColumnEncoding.Constant or ColumnEncoding.Template)
        {
            return NestedColumn.Read(ref source, count, limit);
        }

        Skip(ref source, count, limit);
        var bytes = start.Bytes(start.Remaining - source.Remaining).ToArray();
        return new LazyVector(count, FormOf(encoding, bytes), bytes.Length + HeldBytes(encoding, count, bytes), () =>
        {
            var reader = new ByteReader(bytes);
            return NestedColumn.Read(ref reader, count, NestingLimit.OfReader(count));
        });
    }

    /// <summary>Only where all values are present and none is an exception, which may be any text.</summary>
    static LazyForm FormOf(ColumnEncoding encoding, ReadOnlySpan<byte> bytes) => encoding switch
    {
        ColumnEncoding.Integer when bytes[2] == 0 => LazyForm.Decimal,
        ColumnEncoding.Ipv4 or ColumnEncoding.Decimal when bytes[2] == 0 && bytes[3] == 0 => LazyForm.Decimal,
        ColumnEncoding.Hex when IsAllThere(bytes) => LazyForm.Hexadecimal,
        _ => LazyForm.Any,
    };

    static bool IsAllThere(ReadOnlySpan<byte> hex)
    {
        // Encoding, kind, layout, digits, presence.
        var reader = new ByteReader(hex[3..]);
        reader.Varint();
        return reader.Byte() == 0;
    }

    /// <summary>About what the decoded column takes.</summary>
    static long HeldBytes(ColumnEncoding encoding, int count, ReadOnlySpan<byte> bytes) => encoding switch
    {
        ColumnEncoding.Coded or ColumnEncoding.Dictionary => (2L * count) + (bytes.Length * 2L),
        ColumnEncoding.Ipv4 => 4L * count,
        ColumnEncoding.Integer => 8L * count,
        ColumnEncoding.Decimal => 9L * count,
        ColumnEncoding.Hex => bytes.Length,
        _ => (8L * count) + (bytes.Length * 3L),
    };

    static void Skip(ref ByteReader source, int count, NestingLimit limit)
    {
        var start = source;
        var encoding = (ColumnEncoding)source.Byte();
        switch (encoding)
        {
            case ColumnEncoding.Integer:
                limit.Enter(count);
                source.Byte();
                PackedIntegers.Skip(ref source, Present(ref source, count));
                limit.Leave();
                break;
            case ColumnEncoding.Text:
                limit.Enter(count);
                PackedIntegers.Skip(ref source, count);
                Section.Skip(ref source);
                if (source.Byte() != 0)
                {
                    Section.Skip(ref source);
                }

                limit.Leave();
                break;
            case ColumnEncoding.Ipv4:
                limit.Enter(count);
                source.Byte();
                var addresses = Present(ref source, count);
                PackedIntegers.Skip(ref source, addresses - ExceptionList.Read(ref source, addresses, limit).Places.Length);
                limit.Leave();
                break;
            case ColumnEncoding.Decimal:
                limit.Enter(count);
                source.Byte();
                var numbers = Present(ref source, count);
                numbers -= ExceptionList.Read(ref source, numbers, limit).Places.Length;
                source.Varint();
                PackedIntegers.Skip(ref source, numbers);
                PackedIntegers.Skip(ref source, numbers);
                limit.Leave();
                break;
            case ColumnEncoding.Hex:
                limit.Enter(count);
                source.Bytes(2);
                var stride = (source.Size(HexEncoding.MaxDigits) + 1) / 2;
                source.Bytes(checked(Present(ref source, count) * stride));
                limit.Leave();
                break;
            case ColumnEncoding.Coded:
                limit.Enter(count);
                SkipCoded(ref source, count, limit);
                limit.Leave();
                break;
            default:
                source = start;
                NestedColumn.Read(ref source, count, limit);
                break;
        }
    }

    static void SkipCoded(ref ByteReader source, int count, NestingLimit limit)
    {
        var distinct = source.Size(Math.Min(count, BlockFormat.MaxDictionary));
        var absent = source.Size(distinct) - 1;
        var hasKinds = source.Byte() != 0;
        Skip(ref source, absent < 0 ? distinct : distinct - 1, limit);
        if (hasKinds)
        {
            Section.Skip(ref source);
        }

        PackedIntegers.Skip(ref source, count);
    }

    static int Present(ref ByteReader source, int count) => Presence.Read(ref source, count)?.CountSet() ?? count;
}
