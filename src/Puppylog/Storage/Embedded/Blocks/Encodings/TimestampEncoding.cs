using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>Nanoseconds: the unit that all are multiples of (1, 10^3, 10^6 or 10^9), then the multiples.</summary>
static class TimestampEncoding
{
    public static void Write(ByteWriter target, ReadOnlySpan<long> times, ReadOnlySpan<int> rows, EncoderScratch scratch)
    {
        var numbers = scratch.Numbers(rows.Length);
        var unit = Timestamps.Second;
        var last = 0L;
        for (var i = 0; i < rows.Length; i++)
        {
            var time = times[rows[i]];
            numbers[i] = time;
            // Neighbours mostly share a time, and dividing takes longer than asking.
            if (time != last)
            {
                last = time;
                while (time % unit != 0)
                {
                    unit /= 1000;
                }
            }
        }

        if (unit > 1)
        {
            var (whole, divided) = (0L, 0L);
            foreach (ref var number in numbers)
            {
                if (number != whole)
                {
                    (whole, divided) = (number, number / unit);
                }

                number = divided;
            }
        }

        target.Varint((ulong)unit);
        PackedIntegers.Write(target, numbers, scratch.Integers);
    }

    public static TimestampVector Read(ref ByteReader source, int count)
    {
        var unit = source.Size((int)Timestamps.Second);
        var values = new long[count];
        PackedIntegers.Read(ref source, values);
        foreach (ref var value in values.AsSpan())
        {
            value = unchecked(value * unit);
        }

        return new(count, values);
    }
}
