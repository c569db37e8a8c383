using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>Numbers in few bytes, as most are small integers.</summary>
static class NumberBytes
{
    /// <summary>A double beyond is not written as the integer that it is.</summary>
    const double MaxInteger = 1L << 52;

    const byte IsWide = 1;

    /// <summary>Twice an integer, zigzag; or 1 and eight bytes.</summary>
    public static void Write(double number, ByteWriter writer)
    {
        if (Math.Abs(number) < MaxInteger && number == Math.Truncate(number))
        {
            writer.ZigZag((long)number * 2);
        }
        else
        {
            writer.ZigZag(1);
            writer.UInt64(BitConverter.DoubleToUInt64Bits(number));
        }
    }

    public static double Read(ref ByteReader reader) => reader.ZigZag() is var twice && (twice & 1) == 0 ? twice / 2 : ReadLong(ref reader);

    /// <summary>0 and the number, zigzag; or 1 and sixteen bytes.</summary>
    public static void Write(Int128 number, ByteWriter writer)
    {
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            WriteInteger((long)number, writer);
        }
        else
        {
            writer.Byte(IsWide);
            writer.UInt64((ulong)number);
            writer.UInt64((ulong)(number >> 64));
        }
    }

    public static void WriteInteger(long number, ByteWriter writer)
    {
        writer.Byte(0);
        writer.ZigZag(number);
    }

    public static Int128 ReadInteger(ref ByteReader reader) => reader.Byte() == IsWide ? ReadWide(ref reader) : reader.ZigZag();

    public static Int128 ReadWide(ref ByteReader reader)
    {
        var low = reader.UInt64();
        return (Int128)new UInt128(reader.UInt64(), low);
    }

    public static double ReadLong(ref ByteReader reader) => BitConverter.UInt64BitsToDouble(reader.UInt64());
}
