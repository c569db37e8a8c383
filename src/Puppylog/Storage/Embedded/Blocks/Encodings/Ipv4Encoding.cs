using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// IPv4 addresses as integers: kind, presence, what is no address in canonical dotted form as exceptions, then the
/// addresses of the others. (Sorted, the distinct addresses of a dictionary would be smaller by about as much as the order
/// of their first occurrence costs: with it, a new value's code is next to nothing.)
/// </summary>
static class Ipv4Encoding
{
    /// <summary>Where less than so many values an exception are addresses, other encodings are better.</summary>
    const int LeastShare = 4;

    /// <summary>Writes the column; false, with nothing written, where too many values are no addresses.</summary>
    public static bool TryWrite(ByteWriter target, in ColumnInput column, byte kind, EncoderScratch scratch)
    {
        var numbers = scratch.Numbers(column.Rows.Length);
        var exceptions = scratch.Exceptions;
        exceptions.Clear();
        int present = 0, addresses = 0;
        for (var i = 0; i < column.Rows.Length; i++)
        {
            column.Prefetch(i + ColumnInput.Ahead);
            var span = column.Spans[column.Rows[i]];
            if (span.IsAbsent)
            {
                continue;
            }

            if (TryParse(column.Value(span), out var address))
            {
                numbers[addresses++] = address;
            }
            else if (exceptions.Count <= 8 + (addresses / LeastShare))
            {
                exceptions.Add(present, span);
            }
            else
            {
                return false;
            }

            present++;
        }

        if (addresses < exceptions.Count * LeastShare || addresses == 0)
        {
            return false;
        }

        target.Byte(kind);
        Presence.Write(target, column, present);
        exceptions.Write(target, column.Bytes, scratch);
        PackedIntegers.Write(target, numbers[..addresses], scratch.Integers, mayAscend: false);
        return true;
    }

    public static ColumnVector Read(ref ByteReader source, int count, NestingLimit limit)
    {
        var kind = source.Byte();
        var present = Presence.Read(ref source, count);
        var all = present?.CountSet() ?? count;
        var (places, odd) = ExceptionList.Read(ref source, all, limit);
        var numbers = new long[all - places.Length];
        PackedIntegers.Read(ref source, numbers);
        var addresses = new uint[odd is null ? count : numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            addresses[i] = unchecked((uint)numbers[i]);
        }

        if (odd is not null)
        {
            return ExceptionList.Merge(count, present, new Ipv4Vector(addresses.Length, addresses, null), places, odd, kind);
        }

        if (present is not null)
        {
            Presence.Spread<uint>(addresses, present);
        }

        return new Ipv4Vector(count, addresses, present, (ValueKind)kind);
    }

    /// <summary>Reads <c>a.b.c.d</c>, each 0 to 255 without leading zeros.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < 7 or > Ipv4Vector.MaxLength)
        {
            return false;
        }

        uint part = 0;
        int digits = 0, dots = 0;
        foreach (var c in text)
        {
            var digit = (uint)(c - '0');
            if (digit <= 9)
            {
                part = (part * 10) + digit;
                // A leading zero, or too large.
                if ((digits > 0 && part < 10) || part > 255)
                {
                    return false;
                }

                digits++;
                continue;
            }

            if (c != '.' || digits == 0 || ++dots > 3)
            {
                return false;
            }

            address = (address << 8) | part;
            part = 0;
            digits = 0;
        }

        address = (address << 8) | part;
        return dots == 3 && digits > 0;
    }
}
