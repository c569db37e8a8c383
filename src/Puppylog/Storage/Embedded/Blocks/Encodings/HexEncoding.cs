using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Hexadecimal texts of one length and case, and UUIDs: kind, layout, digits, presence, then four bits a digit as they
/// are, because what is written so (ids, hashes) does not compress. Each value begins at a whole byte.
/// </summary>
static class HexEncoding
{
    /// <summary>Below it a dictionary is better; above it nobody writes ids.</summary>
    const int MinDigits = 4;
    public const int MaxDigits = 256;

    const int UuidDigits = 32;
    const int UuidLength = 36;

    /// <summary>Writes the column; false, with nothing written, where some value is no such text.</summary>
    public static bool TryWrite(ByteWriter target, in ColumnInput column, byte kind)
    {
        if (!TryLayout(column, out var layout, out var length))
        {
            return false;
        }

        var start = target.Length;
        var digits = layout.IsUuid() ? UuidDigits : length;
        var stride = (digits + 1) / 2;
        var present = 0;
        foreach (var row in column.Rows)
        {
            present += column.Spans[row].IsAbsent ? 0 : 1;
        }

        target.Byte(kind);
        target.Byte((byte)layout);
        target.Varint((ulong)digits);
        Presence.Write(target, column, present);
        var packed = target.Reserve(checked(present * stride))[..(present * stride)];
        var at = 0;
        for (var i = 0; i < column.Rows.Length; i++)
        {
            column.Prefetch(i + ColumnInput.Ahead);
            var span = column.Spans[column.Rows[i]];
            if (span.IsAbsent)
            {
                continue;
            }

            if (span.Length != length || !TryPack(column.Value(span), layout, packed.Slice(at, stride)))
            {
                target.Truncate(start);
                return false;
            }

            at += stride;
        }

        target.Advance(packed.Length);
        return true;
    }

    public static HexVector Read(ref ByteReader source, int count)
    {
        var kind = (ValueKind)source.Byte();
        var layout = (HexLayout)source.Byte();
        var digits = source.Size(MaxDigits);
        if (layout > HexLayout.UpperUuid || digits == 0 || (layout.IsUuid() && digits != UuidDigits))
        {
            throw new CorruptDataException("hexadecimal values of an unknown layout");
        }

        var present = Presence.Read(ref source, count);
        var stride = (digits + 1) / 2;
        var dense = source.Bytes(checked((present?.CountSet() ?? count) * stride));
        if (present is null)
        {
            return new(count, layout, digits, dense.ToArray(), null, kind);
        }

        var packed = new byte[checked(count * stride)];
        for (var row = present.Next(0); row >= 0; row = present.Next(row + 1))
        {
            dense[..stride].CopyTo(packed.AsSpan(row * stride));
            dense = dense[stride..];
        }

        return new(count, layout, digits, packed, present, kind);
    }

    /// <summary>The layout of the values that have a letter; with digits only, lower case.</summary>
    static bool TryLayout(in ColumnInput column, out HexLayout layout, out int length)
    {
        layout = HexLayout.Lower;
        length = -1;
        foreach (var row in column.Rows)
        {
            var span = column.Spans[row];
            if (span.IsAbsent)
            {
                continue;
            }

            length = length < 0 ? span.Length : length;
            if (span.Length != length || length is < MinDigits or > MaxDigits)
            {
                return false;
            }

            var value = column.Value(span);
            var isUuid = length == UuidLength && value[8] == '-';
            layout = isUuid ? HexLayout.LowerUuid : HexLayout.Lower;
            if (value.ContainsAnyInRange((byte)'A', (byte)'F'))
            {
                layout |= HexLayout.Upper;
                return true;
            }

            if (value.ContainsAnyInRange((byte)'a', (byte)'f'))
            {
                return true;
            }
        }

        return length > 0;
    }

    static bool TryPack(ReadOnlySpan<byte> value, HexLayout layout, Span<byte> packed)
    {
        var first = layout.IsUpper() ? 'A' : 'a';
        var dashes = layout.IsUuid();
        var digit = 0;
        for (; !dashes && value.Length - digit >= Vector128<byte>.Count; digit += Vector128<byte>.Count)
        {
            if (!TryPackSixteen(value[digit..], (byte)first, packed[(digit >> 1)..]))
            {
                return false;
            }
        }

        packed[(digit >> 1)..].Clear();
        for (var i = digit; i < value.Length; i++)
        {
            var c = value[i];
            if (dashes && (i is 8 or 13 or 18 or 23))
            {
                if (c != '-')
                {
                    return false;
                }

                continue;
            }

            var number = (uint)(c - '0');
            if (number > 9)
            {
                number = (uint)(c - first);
                if (number > 5)
                {
                    return false;
                }

                number += 10;
            }

            packed[digit >> 1] |= (byte)((digit & 1) == 0 ? number << 4 : number);
            digit++;
        }

        return true;
    }

    /// <summary>Packs the first 16 digits into 8 bytes.</summary>
    static bool TryPackSixteen(ReadOnlySpan<byte> digits, byte first, Span<byte> packed)
    {
        var text = Vector128.Create(digits[..Vector128<byte>.Count]);
        var decimals = text - Vector128.Create((byte)'0');
        var letters = text - Vector128.Create(first);
        var isDecimal = Vector128.LessThanOrEqual(decimals, Vector128.Create((byte)9));
        var isLetter = Vector128.LessThanOrEqual(letters, Vector128.Create((byte)5));
        if ((isDecimal | isLetter) != Vector128<byte>.AllBitsSet)
        {
            return false;
        }

        var pairs = Vector128.ConditionalSelect(isDecimal, decimals, letters + Vector128.Create((byte)10)).AsUInt16();
        var bytes = ((pairs << 4) | (pairs >>> 8)) & Vector128.Create((ushort)0xFF);
        BinaryPrimitives.WriteUInt64LittleEndian(packed, Vector128.Narrow(bytes, bytes).AsUInt64()[0]);
        return true;
    }
}
