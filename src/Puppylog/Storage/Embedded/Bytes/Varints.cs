using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Bytes;

/// <summary>Numbers as <see cref="ByteWriter.Varint"/> writes them, where many follow each other.</summary>
static class Varints
{
    /// <summary>The most bytes of one.</summary>
    public const int MaxLength = 10;

    /// <summary>Reads one, and believes no length: past the end is a <see cref="CorruptDataException"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        if ((uint)(at + 1) < (uint)bytes.Length)
        {
            var (first, second) = (bytes[at], bytes[at + 1]);
            if (first < 0x80)
            {
                at++;
                return first;
            }

            if (second < 0x80)
            {
                at += 2;
                return (ulong)((first & 0x7F) | (second << 7));
            }
        }

        return ReadLong(bytes, ref at);
    }

    /// <summary>The signed number that <see cref="ByteWriter.ZigZag"/> wrote.</summary>
    public static long Signed(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Writes one; there must be room for <see cref="MaxLength"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ulong value, Span<byte> target, ref int at)
    {
        while (value >= 0x80)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
    }

    /// <summary>The bytes of some that follow each other.</summary>
    /// <exception cref="CorruptDataException">There are not so many.</exception>
    public static int Length(ReadOnlySpan<byte> bytes, int count)
    {
        // Each has one byte without the high bit.
        var at = 0;
        while (at + Vector128<byte>.Count <= bytes.Length && count >= Vector128<byte>.Count)
        {
            count -= Vector128<byte>.Count - BitOperations.PopCount(Vector128.Create(bytes[at..]).ExtractMostSignificantBits());
            at += Vector128<byte>.Count;
        }

        for (; count > 0; at++)
        {
            if (at == bytes.Length)
            {
                throw new CorruptDataException($"{count} numbers are missing");
            }

            count -= bytes[at] < 0x80 ? 1 : 0;
        }

        return at;
    }

    static ulong ReadLong(ReadOnlySpan<byte> bytes, ref int at)
    {
        var reader = new ByteReader(bytes[Math.Min(at, bytes.Length)..]);
        var before = reader.Remaining;
        var value = reader.Varint();
        at += before - reader.Remaining;
        return value;
    }
}
