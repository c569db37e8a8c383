using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Up to eight decimal digits, read as one number of 64 bits and added up pairwise (D. Lemire, "Quickly parsing eight
/// digits", 2018). <see cref="IntegerEncoding.TryCanonical"/> says the same for any text.
/// </summary>
static class EightDigits
{
    public const int Most = 8;

    /// <summary>Reads a value of a column; false for anything but one to eight digits without a leading zero, and at the end of its bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(in ColumnInput column, ByteSpan span, out long value)
    {
        value = 0;
        return (uint)(span.Length - 1) < Most && span.Offset <= column.Bytes.Length - sizeof(ulong)
            && TryParse(BinaryPrimitives.ReadUInt64LittleEndian(column.Bytes[span.Offset..]), span.Length, out value);
    }

    /// <summary>False for anything but one to eight digits without a leading zero.</summary>
    /// <param name="text">Eight bytes from the text's first one on, which is lowest; those behind its end do not count.</param>
    /// <param name="length">Bytes of the text, 1 to 8.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ulong text, int length, out long value)
    {
        const ulong Zeros = 0x3030_3030_3030_3030;
        const ulong High = 0xF0F0_F0F0_F0F0_F0F0;
        // Zeros in front of the digits; twice, as a shift by 64 is one by 0.
        var digits = (text << (64 - (8 * length))) | (Zeros >> (4 * length) >> (4 * length));
        value = 0;
        if ((digits & High) != Zeros || ((digits + 0x0606_0606_0606_0606) & High) != Zeros || ((byte)text == '0' && length > 1))
        {
            return false;
        }

        digits = ((digits & 0x0F0F_0F0F_0F0F_0F0F) * 2561) >> 8;
        digits = ((digits & 0x00FF_00FF_00FF_00FF) * 6_553_601) >> 16;
        value = (long)(((digits & 0x0000_FFFF_0000_FFFF) * 42_949_672_960_001) >> 32);
        return true;
    }
}
