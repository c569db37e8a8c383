using System.Numerics;

namespace Puppylog.Storage.Embedded.Blocks.Integers;

/// <summary>
/// Numbers of one, two or four bits, several to a byte: a byte of eight, four or two neighbours is what gets a Huffman code,
/// so that a number may cost a fraction of a bit (a status that is mostly 200).
/// </summary>
static class SmallIntegers
{
    /// <summary>The most that a number may be above the smallest.</summary>
    public const int MaxRange = 15;

    /// <summary>Bits of each number: 1, 2 or 4.</summary>
    public static int Width(ulong range) => range < 2 ? 1 : range < 4 ? 2 : 4;

    public static bool IsWidth(int width) => width is 1 or 2 or 4;

    public static int ByteCount(int count, int width) => Bits.ByteCount((long)count * width);

    /// <summary>The first number of a byte is its lowest bits.</summary>
    public static void Pack<T>(ReadOnlySpan<T> values, long min, int width, Span<byte> packed)
        where T : unmanaged, IBinaryInteger<T>
    {
        var each = 8 / width;
        var at = 0;
        var whole = values.Length / each;
        for (var i = 0; i < whole; i++)
        {
            long byteValue = 0;
            for (var shift = 0; shift < 8; shift += width)
            {
                byteValue |= (long.CreateTruncating(values[at++]) - min) << shift;
            }

            packed[i] = (byte)byteValue;
        }

        if (whole < packed.Length)
        {
            long byteValue = 0;
            for (var shift = 0; at < values.Length; shift += width)
            {
                byteValue |= (long.CreateTruncating(values[at++]) - min) << shift;
            }

            packed[whole] = (byte)byteValue;
        }
    }

    public static void Unpack(ReadOnlySpan<byte> packed, long min, int width, Span<long> values)
    {
        var each = 8 / width;
        var mask = (1 << width) - 1;
        var at = 0;
        foreach (var value in packed)
        {
            int rest = value;
            var end = Math.Min(at + each, values.Length);
            for (; at < end; at++)
            {
                values[at] = unchecked(min + (rest & mask));
                rest >>= width;
            }
        }
    }
}
