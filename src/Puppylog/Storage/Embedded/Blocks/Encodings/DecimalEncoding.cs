using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Decimal numbers that print back exactly: kind, presence, exceptions, the width of numbers padded with zeros (0: not
/// padded), as integers the digits behind the point of each, as integers the numbers without their point.
/// </summary>
static class DecimalEncoding
{
    const int MaxDigits = 18;

    /// <summary>Where less than so many values an exception are numbers, other encodings are better.</summary>
    const int LeastShare = 8;

    /// <summary>Writes the column; false, with nothing written, where too many values have another form.</summary>
    public static bool TryWrite(ByteWriter target, in ColumnInput column, byte kind, EncoderScratch scratch)
    {
        var mantissas = scratch.Numbers(column.Rows.Length);
        var scales = scratch.Scales(column.Rows.Length);
        var exceptions = scratch.Exceptions;
        exceptions.Clear();
        var width = PaddedWidth(column);
        int present = 0, numbers = 0;
        for (var i = 0; i < column.Rows.Length; i++)
        {
            column.Prefetch(i + ColumnInput.Ahead);
            var span = column.Spans[column.Rows[i]];
            if (span.IsAbsent)
            {
                continue;
            }

            if (width == 0 && EightDigits.TryRead(column, span, out mantissas[numbers]))
            {
                scales[numbers++] = 0;
            }
            else if (TryParse(column.Value(span), width, out mantissas[numbers], out var scale))
            {
                scales[numbers++] = scale;
            }
            else if (exceptions.Count <= 8 + (numbers / LeastShare))
            {
                exceptions.Add(present, span);
            }
            else
            {
                return false;
            }

            present++;
        }

        if (numbers < exceptions.Count * LeastShare || numbers == 0)
        {
            return false;
        }

        target.Byte(kind);
        Presence.Write(target, column, present);
        exceptions.Write(target, column.Bytes, scratch);
        target.Varint((ulong)width);
        PackedIntegers.Write(target, scales[..numbers], scratch.Integers, mayAscend: false);
        PackedIntegers.Write(target, mantissas[..numbers], scratch.Integers);
        return true;
    }

    public static ColumnVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        var kind = source.Byte();
        var present = Presence.Read(ref source, count);
        var all = present?.CountSet() ?? count;
        var (places, odd) = ExceptionList.Read(ref source, all, limit);
        var width = source.Size(MaxDigits);
        var dense = all - places.Length;
        var mantissas = new long[odd is null ? count : dense];
        PackedIntegers.Read(ref source, mantissas.AsSpan(0, dense));
        var scales = new byte[mantissas.Length];
        for (var i = 0; i < dense; i++)
        {
            scales[i] = mantissas[i] is >= 0 and <= MaxDigits ? (byte)mantissas[i] : throw new CorruptDataException("a number of too many digits");
        }

        PackedIntegers.Read(ref source, mantissas.AsSpan(0, dense));
        foreach (var mantissa in mantissas.AsSpan(0, dense))
        {
            if (mantissa is <= -1_000_000_000_000_000_000 or >= 1_000_000_000_000_000_000)
            {
                throw new CorruptDataException("a number of too many digits");
            }
        }

        if (odd is not null)
        {
            return ExceptionList.Merge(count, present, new DecimalVector(dense, mantissas, scales, width, null), places, odd, kind);
        }

        if (present is not null)
        {
            Presence.Spread<long>(mantissas, present);
            Presence.Spread<byte>(scales, present);
        }

        return new DecimalVector(count, mantissas, scales, width, present, (ValueKind)kind);
    }

    /// <summary>The length of the first value where it consists of digits and begins with a zero, or 0.</summary>
    static int PaddedWidth(in ColumnInput column)
    {
        var length = 0;
        for (var i = 0; i < column.Rows.Length; i++)
        {
            var span = column.Spans[column.Rows[i]];
            if (span.IsAbsent)
            {
                continue;
            }

            var value = column.Value(span);
            if (span.Length is 0 or > MaxDigits || (length > 0 && length != span.Length) || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return 0;
            }

            length = span.Length;
            if (value[0] == '0' && length > 1)
            {
                return length;
            }

            // A padded column shows its zeros soon; one that does not is made of plain integers.
            if (i > 4096)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Reads a number that gives its text back: <c>-?digits(.digits)?</c>, or with a width exactly so many digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, int width, out long mantissa, out byte scale)
    {
        mantissa = 0;
        scale = 0;
        if (text.IsEmpty || (width > 0 && text.Length != width))
        {
            return false;
        }

        var negative = width == 0 && text[0] == '-';
        var at = negative ? 1 : 0;
        var first = at;
        var point = -1;
        for (; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                continue;
            }

            if (text[at] != '.' || point >= 0 || width > 0 || at == first)
            {
                return false;
            }

            point = at;
        }

        var before = (point < 0 ? text.Length : point) - first;
        scale = point < 0 ? (byte)0 : (byte)Math.Min(255, text.Length - point - 1);
        if (before == 0 || before + scale > MaxDigits || (point >= 0 && scale == 0) || (negative && mantissa == 0)
            || (width == 0 && before > 1 && text[first] == '0'))
        {
            return false;
        }

        mantissa = negative ? -mantissa : mantissa;
        return true;
    }
}
