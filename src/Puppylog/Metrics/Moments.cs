using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What numbers came to: those of the kind that is asked for, the rest is not kept up.</summary>
/// <remarks>The spread is Welford's; parts are merged as by Chan, Golub and LeVeque (1979), as <c>stats</c> does.</remarks>
struct Moments
{
    public long Count;
    ulong _low;
    long _high;
    public double Floats;
    public double Min;
    public double Max;
    public double Mean;
    public double Squares;

    /// <summary>The sum of the integers.</summary>
    public Int128 Integers
    {
        readonly get => new((ulong)_high, _low);
        private set => (_high, _low) = ((long)(ulong)(value >> 64), (ulong)value);
    }

    public void AddInteger(long integer)
    {
        Count++;
        // Not with the library's Int128, whose addition is a call until it is compiled once more.
        var low = _low + (ulong)integer;
        _high += (integer >> 63) + (low < _low ? 1 : 0);
        _low = low;
    }

    /// <summary>Adds some at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="total">Their sum, which fits.</param>
    public void AddIntegers(int count, long total)
    {
        AddInteger(total);
        Count += count - 1;
    }

    public void AddFloat(double number)
    {
        Count++;
        Floats += number;
    }

    public void AddExtreme(double number)
    {
        Min = Count == 0 ? number : Math.Min(Min, number);
        Max = Count == 0 ? number : Math.Max(Max, number);
        Count++;
    }

    public void AddSpread(double number)
    {
        Count++;
        var delta = number - Mean;
        Mean += delta / Count;
        Squares += delta * (number - Mean);
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
                // One word says it where the other has its sign only.
                if (_high == (long)_low >> 63)
                {
                    NumberBytes.WriteInteger((long)_low, writer);
                }
                else
                {
                    NumberBytes.Write(Integers, writer);
                }

                NumberBytes.Write(Floats, writer);
                break;
            case MeasureKind.Extremes:
                NumberBytes.Write(Min, writer);
                NumberBytes.Write(Max, writer);
                break;
            case MeasureKind.Spread:
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Mean));
                writer.UInt64(BitConverter.DoubleToUInt64Bits(Squares));
                break;
        }
    }

    /// <summary>Adds what was written; gives how many numbers that were.</summary>
    /// <param name="isLong">It was written before numbers were shortened.</param>
    public long Merge(MeasureKind kind, ref ByteReader reader, bool isLong)
    {
        var count = (long)reader.Varint();
        if (count == 0)
        {
            return 0;
        }

        switch (kind)
        {
            case MeasureKind.Sum:
                Integers += isLong ? NumberBytes.ReadWide(ref reader) : NumberBytes.ReadInteger(ref reader);
                Floats += isLong ? NumberBytes.ReadLong(ref reader) : NumberBytes.Read(ref reader);
                break;
            case MeasureKind.Extremes:
                var (min, max) = isLong ? (NumberBytes.ReadLong(ref reader), NumberBytes.ReadLong(ref reader)) : (NumberBytes.Read(ref reader), NumberBytes.Read(ref reader));
                Min = Count == 0 ? min : Math.Min(Min, min);
                Max = Count == 0 ? max : Math.Max(Max, max);
                break;
            case MeasureKind.Spread:
                AddSpread(count, NumberBytes.ReadLong(ref reader), NumberBytes.ReadLong(ref reader));
                break;
        }

        Count += count;
        return count;
    }

    void AddSpread(long count, double mean, double squares)
    {
        var (delta, total) = (mean - Mean, Count + count);
        Squares += squares + (delta * delta * ((double)Count * count / total));
        Mean += delta * count / total;
    }
}
