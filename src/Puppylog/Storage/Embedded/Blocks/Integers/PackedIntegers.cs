using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Huffman;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Integers;

/// <summary>
/// A list of integers, laid out in whichever way is smallest for it: all equal; offset from the smallest in equal widths
/// (frame of reference); widths by entropy-coded class and the bits below the leading one as they are (for values of many
/// magnitudes); or as bytes through the compressor, one each (for small values) or several to a byte (for very small ones); each
/// also over the differences of neighbours.
/// </summary>
static class PackedIntegers
{
    const byte Equal = 0;
    const byte Offsets = 1;
    const byte Classes = 2;
    const byte SmallBytes = 3;
    const byte SharedBytes = 4;

    /// <summary>Added to the layout where the list is of differences, behind the first value.</summary>
    const byte Differences = 0x80;

    /// <summary>Brotli's quality for classes and small values that repeat themselves.</summary>
    const int Quality = 1;

    /// <param name="target">Where they go.</param>
    /// <param name="values">The integers.</param>
    /// <param name="scratch">The encoder's buffers.</param>
    /// <param name="mayAscend">False where differences cannot be smaller than the values (codes, lengths), and need not be tried.</param>
    public static void Write(ByteWriter target, ReadOnlySpan<long> values, IntegerScratch scratch, bool mayAscend = true)
    {
        var (plain, plainBits) = Plan.For(values, scratch);
        if (mayAscend && values.Length > 2 && plain.Layout != Equal)
        {
            var differences = scratch.Differences(values.Length - 1);
            for (var i = 0; i < differences.Length; i++)
            {
                var step = unchecked(values[i + 1] - values[i]);
                differences[i] = (step << 1) ^ (step >> 63);
            }

            var (stepped, steppedBits) = Plan.For(differences, scratch);
            // Differences cost a pass more to read: they must save a tenth.
            if (steppedBits < plainBits * 0.9)
            {
                target.Byte((byte)(stepped.Layout | Differences));
                target.ZigZag(values[0]);
                Write(target, differences, stepped, scratch);
                return;
            }
        }

        target.Byte(plain.Layout);
        Write(target, values, plain, scratch);
    }

    /// <summary>The same for numbers of half the size, which are not looked at for differences: codes of a dictionary.</summary>
    public static void Write(ByteWriter target, ReadOnlySpan<int> values, IntegerScratch scratch)
    {
        var (plan, _) = Plan.For(values, scratch);
        target.Byte(plan.Layout);
        Write(target, values, plan, scratch);
    }

    static void Write<T>(ByteWriter target, ReadOnlySpan<T> values, Plan plan, IntegerScratch scratch)
        where T : unmanaged, IBinaryInteger<T>
    {
        target.ZigZag(plan.Min);
        switch (plan.Layout)
        {
            case Equal:
                break;
            case Offsets:
                target.Byte((byte)plan.Width);
                var bits = new BitPacker(target, (long)values.Length * plan.Width);
                foreach (var value in values)
                {
                    bits.Add(plan.Offset(value), plan.Width);
                }

                bits.Finish();
                break;
            case SmallBytes:
                var small = scratch.Bytes(values.Length);
                for (var i = 0; i < small.Length; i++)
                {
                    small[i] = (byte)plan.Offset(values[i]);
                }

                Section.Write(target, small, Quality, scratch.Sections);
                break;
            case SharedBytes:
                target.Byte((byte)plan.Width);
                var shared = scratch.Bytes(SmallIntegers.ByteCount(values.Length, plan.Width));
                SmallIntegers.Pack(values, plan.Min, plan.Width, shared);
                Section.Write(target, shared, Quality, scratch.Sections);
                break;
            default:
                WriteClasses(target, values, plan, scratch);
                break;
        }
    }

    static void WriteClasses<T>(ByteWriter target, ReadOnlySpan<T> values, Plan plan, IntegerScratch scratch)
        where T : unmanaged, IBinaryInteger<T>
    {
        var classes = scratch.Bytes(values.Length);
        long total = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            var width = Bits.Width(plan.Offset(values[i]));
            classes[i] = (byte)width;
            total += Math.Max(0, width - 1);
        }

        Section.Write(target, classes, Quality, scratch.Sections);
        var bits = new BitPacker(target, total);
        if (plan.Width <= BitPacker.MostShort)
        {
            foreach (var value in values)
            {
                // The leading one is what the class tells.
                var offset = plan.Offset(value);
                var width = BitOperations.Log2(offset | 1);
                bits.AddShort(offset & ((1UL << width) - 1), width);
            }
        }
        else
        {
            foreach (var value in values)
            {
                var offset = plan.Offset(value);
                var width = BitOperations.Log2(offset | 1);
                bits.Add(offset & ((1UL << width) - 1), width);
            }
        }

        bits.Finish();
    }

    public static void Read(ref ByteReader source, Span<long> values)
    {
        var layout = source.Byte();
        if ((layout & Differences) == 0)
        {
            ReadPlain(ref source, layout, values);
            return;
        }

        if (values.IsEmpty)
        {
            throw new CorruptDataException("differences of no values");
        }

        var value = source.ZigZag();
        var steps = values[1..];
        ReadPlain(ref source, (byte)(layout & ~Differences), steps);
        values[0] = value;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = (ulong)steps[i];
            value = unchecked(value + ((long)(step >> 1) ^ -(long)(step & 1)));
            steps[i] = value;
        }
    }

    /// <summary>Passes so many integers; what they are is not looked at.</summary>
    public static void Skip(ref ByteReader source, int count)
    {
        var layout = source.Byte();
        if ((layout & Differences) != 0)
        {
            if (count-- == 0)
            {
                throw new CorruptDataException("differences of no values");
            }

            source.ZigZag();
        }

        source.ZigZag();
        switch (layout & ~Differences)
        {
            case Equal:
                break;
            case Offsets:
                var width = source.Byte();
                source.Bytes(width <= 64 ? Bits.ByteCount((long)count * width) : throw new CorruptDataException("numbers wider than 64 bits"));
                break;
            case SmallBytes:
                Section.Skip(ref source);
                break;
            case SharedBytes:
                source.Byte();
                Section.Skip(ref source);
                break;
            case Classes:
                long total = 0;
                foreach (var width64 in ReadBytes(ref source, count))
                {
                    total += Math.Max(0, width64 - 1);
                }

                source.Bytes(Bits.ByteCount(total));
                break;
            default:
                throw new CorruptDataException($"unknown layout {layout} of integers");
        }
    }

    static void ReadPlain(ref ByteReader source, byte layout, Span<long> values)
    {
        var min = source.ZigZag();
        switch (layout)
        {
            case Equal:
                values.Fill(min);
                break;
            case Offsets:
                var width = source.Byte();
                if (width > 64)
                {
                    throw new CorruptDataException("numbers wider than 64 bits");
                }

                var packed = source.Bytes(Bits.ByteCount((long)values.Length * width));
                Bits.Unpack(packed, width, System.Runtime.InteropServices.MemoryMarshal.Cast<long, ulong>(values));
                foreach (ref var value in values)
                {
                    value = unchecked(value + min);
                }

                break;
            case SmallBytes:
                var small = ReadBytes(ref source, values.Length);
                for (var i = 0; i < small.Length; i++)
                {
                    values[i] = min + small[i];
                }

                break;
            case SharedBytes:
                var bits = source.Byte();
                if (!SmallIntegers.IsWidth(bits))
                {
                    throw new CorruptDataException($"numbers of {bits} bits that share a byte");
                }

                SmallIntegers.Unpack(ReadBytes(ref source, SmallIntegers.ByteCount(values.Length, bits)), min, bits, values);
                break;
            case Classes:
                ReadClasses(ref source, min, values);
                break;
            default:
                throw new CorruptDataException($"unknown layout {layout} of integers");
        }
    }

    static void ReadClasses(ref ByteReader source, long min, Span<long> values)
    {
        var classes = ReadBytes(ref source, values.Length);
        long total = 0;
        foreach (var width in classes)
        {
            if (width > 64)
            {
                throw new CorruptDataException("numbers wider than 64 bits");
            }

            total += Math.Max(0, width - 1);
        }

        var packed = source.Bytes(Bits.ByteCount(total));
        long bit = 0;
        for (var i = 0; i < classes.Length; i++)
        {
            var width = classes[i] - 1;
            if (width <= 0)
            {
                values[i] = unchecked(min + width + 1);
                continue;
            }

            var at = (int)(bit >> 3);
            var low = width <= 57 && at + 8 <= packed.Length
                ? (System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]) >> (int)(bit & 7)) & ((1UL << width) - 1)
                : Bits.Read(packed, bit, width);
            values[i] = unchecked(min + (long)(low | (1UL << width)));
            bit += width;
        }
    }

    static byte[] ReadBytes(ref ByteReader source, int count)
    {
        var bytes = Section.Read(ref source);
        return bytes.Length == count ? bytes : throw new CorruptDataException("a list of integers has another length than its column");
    }

    /// <summary>A layout for one list, and what it will cost.</summary>
    /// <param name="Layout">See above.</param>
    /// <param name="Min">The smallest of the numbers.</param>
    /// <param name="Width">Bits of each: of <see cref="SharedBytes"/> those that it gets, of other layouts those that the largest needs.</param>
    readonly record struct Plan(byte Layout, long Min, int Width)
    {
        /// <summary>How far a number is above the smallest.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Offset<T>(T value)
            where T : unmanaged, IBinaryInteger<T> => unchecked((ulong)(long.CreateTruncating(value) - Min));

        /// <summary>The cheapest layout and its size in bits, by the entropy of classes or small values.</summary>
        public static (Plan Plan, double Bits) For<T>(ReadOnlySpan<T> values, IntegerScratch scratch)
            where T : unmanaged, IBinaryInteger<T>
        {
            if (values.IsEmpty)
            {
                return (new(Equal, 0, 0), 0);
            }

            var (min, max) = Bounds(values);
            if (min == max)
            {
                return (new(Equal, min, 0), 0);
            }

            var range = unchecked((ulong)(max - min));
            var best = new Plan(Offsets, min, Integers.Bits.Width(range));
            var cost = (double)values.Length * best.Width;
            var histogram = scratch.Histogram();
            if (range <= SmallIntegers.MaxRange)
            {
                var width = SmallIntegers.Width(range);
                var shared = scratch.Bytes(SmallIntegers.ByteCount(values.Length, width));
                SmallIntegers.Pack(values, min, width, shared);
                HuffmanWriter.Count(shared, histogram);
                // A code has a bit at least, for two, four or eight values.
                Consider(new(SharedBytes, min, width), Math.Max(shared.Length, Entropy(histogram, shared.Length)), ref best, ref cost);
                return (best, cost);
            }

            var bytes = scratch.Bytes(values.Length);
            if (range < 256)
            {
                for (var i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)best.Offset(values[i]);
                }

                HuffmanWriter.Count(bytes, histogram);
                Consider(best with { Layout = SmallBytes }, Entropy(histogram, values.Length), ref best, ref cost);
                return (best, cost);
            }

            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)Integers.Bits.Width(best.Offset(values[i]));
            }

            HuffmanWriter.Count(bytes, histogram);
            double low = 0;
            for (var i = 2; i <= 64; i++)
            {
                low += (i - 1) * (double)histogram[i];
            }

            Consider(best with { Layout = Classes }, low + Entropy(histogram[..65], values.Length), ref best, ref cost);
            return (best, cost);
        }

        static void Consider(Plan plan, double bits, ref Plan best, ref double least)
        {
            // The compressor's own tables, and the time it takes to unpack.
            bits = (bits * 1.05) + 400;
            if (bits < least * 0.95)
            {
                best = plan;
                least = bits;
            }
        }

        static (long Min, long Max) Bounds<T>(ReadOnlySpan<T> values)
            where T : unmanaged, IBinaryInteger<T>
        {
            T min = values[0], max = values[0];
            var at = 0;
            if (values.Length >= Vector256<T>.Count)
            {
                var least = Vector256.Create(values);
                var most = least;
                for (; at <= values.Length - Vector256<T>.Count; at += Vector256<T>.Count)
                {
                    var next = Vector256.Create(values[at..]);
                    least = Vector256.Min(least, next);
                    most = Vector256.Max(most, next);
                }

                for (var i = 0; i < Vector256<T>.Count; i++)
                {
                    min = T.Min(min, least[i]);
                    max = T.Max(max, most[i]);
                }
            }

            foreach (var value in values[at..])
            {
                min = T.Min(min, value);
                max = T.Max(max, value);
            }

            return (long.CreateTruncating(min), long.CreateTruncating(max));
        }

        /// <summary>Bits that a perfect entropy coder would need (Shannon 1948).</summary>
        static double Entropy(ReadOnlySpan<int> histogram, int count)
        {
            double bits = 0;
            foreach (var times in histogram)
            {
                if (times > 0)
                {
                    bits += times * Math.Log2((double)count / times);
                }
            }

            return bits;
        }
    }
}
