using Puppylog.Query.Execution;
using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What the records of a period (and segment) gave, so far; two of them merge into one, in any order.</summary>
sealed class Measure
{
    /// <summary>Records.</summary>
    public long Rows { get; set; }

    /// <summary>Those that gave a number.</summary>
    public long Count => Numbers.Count;

    public double Total => (double)Numbers.Integers + Numbers.Floats;

    public double Min => Numbers.Min;

    public double Max => Numbers.Max;

    /// <summary>The sum of the squares of the distances from the mean.</summary>
    public double Squares => Numbers.Squares;

    public QuantileSketch? Quantiles { get; private set; }

    public DistinctMeasure? Distinct { get; private set; }

    public Moments Numbers;

    public static QuantileSketch NewSketch() => new(new QueryMemory(long.MaxValue));

    /// <summary>Adds one that was written.</summary>
    public void Merge(MeasureKind kind, ref ByteReader reader)
    {
        Rows += (long)reader.Varint();
        if (kind == MeasureKind.Count)
        {
            return;
        }

        if (kind == MeasureKind.Distinct)
        {
            (Distinct ??= new()).Merge(ref reader);
        }
        else
        {
            Numbers.Merge(kind, ref reader);
            if (kind == MeasureKind.Quantile && reader.Byte() != 0)
            {
                (Quantiles ??= NewSketch()).Merge(ref reader);
            }
        }
    }

    public void Write(MeasureKind kind, ByteWriter writer) => Write(kind, writer, Rows, Numbers, Quantiles, Distinct);

    public static void Write(MeasureKind kind, ByteWriter writer, long rows, in Moments numbers, QuantileSketch? quantiles, DistinctMeasure? distinct)
    {
        writer.Varint((ulong)rows);
        if (kind == MeasureKind.Count)
        {
            return;
        }

        if (kind == MeasureKind.Distinct)
        {
            (distinct ?? DistinctMeasure.None).Write(writer);
            return;
        }

        numbers.Write(kind, writer);
        if (kind == MeasureKind.Quantile)
        {
            writer.Byte(quantiles is null ? (byte)0 : (byte)1);
            quantiles?.Write(writer);
        }
    }
}
