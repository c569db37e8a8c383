using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What numbers came to: those of the kind that is asked for, the rest is not kept up.</summary>
/// <remarks>The spread is Welford's; parts are merged as by Chan, Golub and LeVeque (1979), as <c>stats</c> does.</remarks>
struct Moments
{
    public long Count;
    public Int128 Integers;
    public double Floats;
    public double Min;
    public double Max;
    public double Mean;
    public double Squares;

    public void Add(MeasureKind kind, double number, long integer, bool isInteger)
    {
        Count++;
        switch (kind)
        {
            case MeasureKind.Sum when isInteger:
                Integers += integer;
                break;
            case MeasureKind.Sum:
                Floats += number;
                break;
            case MeasureKind.Extremes:
                Min = Count == 1 ? number : Math.Min(Min, number);
                Max = Count == 1 ? number : Math.Max(Max, number);
                break;
            case MeasureKind.Spread:
                var delta = number - Mean;
                Mean += delta / Count;
                Squares += delta * (number - Mean);
                break;
        }
    }

    public readonly void Write(MeasureKind kind, ByteWriter writer)
    {
        writer.Varint((ulong)Count);
        if (Count == 0)
        {
            return;
        }

        switch (kind)
        {
            case MeasureKind.Sum:
                writer.UInt64((ulong)Integers);
                writer.UInt64((ulong)(Integers >> 64));
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Floats));
                break;
            case MeasureKind.Extremes:
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Min));
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Max));
                break;
            case MeasureKind.Spread:
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Mean));
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Squares));
                break;
        }
    }

    public void Merge(MeasureKind kind, ref ByteReader reader)
    {
        var count = (long)reader.Varint();
        if (count == 0)
        {
            return;
        }

        switch (kind)
        {
            case MeasureKind.Sum:
                var low = reader.UInt64();
                Integers += (Int128)new UInt128(reader.UInt64(), low);
                Floats += BitConverter.UInt64BitsToDouble(reader.UInt64());
                break;
            case MeasureKind.Extremes:
                var (min, max) = (BitConverter.UInt64BitsToDouble(reader.UInt64()), BitConverter.UInt64BitsToDouble(reader.UInt64()));
                Min = Count == 0 ? min : Math.Min(Min, min);
                Max = Count == 0 ? max : Math.Max(Max, max);
                break;
            case MeasureKind.Spread:
                var (mean, squares) = (BitConverter.UInt64BitsToDouble(reader.UInt64()), BitConverter.UInt64BitsToDouble(reader.UInt64()));
                var (delta, total) = (mean - Mean, Count + count);
                Squares += squares + (delta * delta * ((double)Count * count / total));
                Mean += delta * count / total;
                break;
        }

        Count += count;
    }
}
