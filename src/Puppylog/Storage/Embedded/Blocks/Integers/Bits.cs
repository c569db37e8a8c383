using System.Buffers.Binary;
using System.Numerics;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Integers;

/// <summary>Numbers of few bits, one after the other, the lowest bit first, in little-endian bytes.</summary>
static class Bits
{
    /// <summary>Bits that the value needs; 0 for 0.</summary>
    public static int Width(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    public static int ByteCount(long bits) => checked((int)((bits + 7) >> 3));

    /// <summary>Writes each value's lowest <paramref name="width"/> bits.</summary>
    public static void Pack(ByteWriter target, ReadOnlySpan<ulong> values, int width)
    {
        var bits = new BitPacker(target, (long)values.Length * width);
        foreach (var value in values)
        {
            bits.Add(value, width);
        }

        bits.Finish();
    }

    public static void Unpack(ReadOnlySpan<byte> packed, int width, Span<ulong> values)
    {
        if (packed.Length < ByteCount((long)values.Length * width))
        {
            throw new CorruptDataException("packed numbers are cut short");
        }

        var mask = width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        long bit = 0;
        var i = 0;
        // Eight readable bytes behind the number's first byte are enough for widths up to 57.
        if (width <= 57)
        {
            for (; i < values.Length && (int)(bit >> 3) + 8 <= packed.Length; i++, bit += width)
            {
                values[i] = (BinaryPrimitives.ReadUInt64LittleEndian(packed[(int)(bit >> 3)..]) >> (int)(bit & 7)) & mask;
            }
        }

        for (; i < values.Length; i++, bit += width)
        {
            values[i] = Read(packed, bit, width);
        }
    }

    /// <summary>Reads up to 64 bits at any place, also at the buffer's end.</summary>
    public static ulong Read(ReadOnlySpan<byte> packed, long bit, int width)
    {
        ulong value = 0;
        for (var done = 0; done < width;)
        {
            var at = (int)(bit >> 3);
            if (at >= packed.Length)
            {
                throw new CorruptDataException("packed numbers are cut short");
            }

            var skip = (int)(bit & 7);
            var take = Math.Min(8 - skip, width - done);
            value |= (((ulong)packed[at] >> skip) & ((1UL << take) - 1)) << done;
            done += take;
            bit += take;
        }

        return value;
    }
}
