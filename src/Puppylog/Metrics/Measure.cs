using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>What the records of a period (and segment) gave, so far; two of them merge into one, in any order.</summary>
sealed class Measure
{
    /// <summary>Records.</summary>
    public long Rows { get; private set; }

    /// <summary>Those that gave a number.</summary>
    public long Count => Numbers.Count;

    public double Total => (double)Numbers.Integers + Numbers.Floats;

    public double Min => Numbers.Min;

    public double Max => Numbers.Max;

    /// <summary>The sum of the squares of the distances from the mean.</summary>
    public double Squares => Numbers.Squares;

    public QuantileMeasure? Quantiles { get; private set; }

    public DistinctMeasure? Distinct { get; private set; }

    public Moments Numbers;

    /// <summary>Adds one that was written.</summary>
    /// <param name="isLong">It was written before numbers were shortened.</param>
    public void Merge(MeasureKind kind, ref ByteReader reader, bool isLong)
    {
        Rows += (long)reader.Varint();
        switch (kind)
        {
            case MeasureKind.Count:
                break;
            case MeasureKind.Distinct when isLong:
                (Distinct ??= new()).MergeLong(ref reader);
                break;
            case MeasureKind.Distinct:
                (Distinct ??= new()).Merge(ref reader);
                break;
            case MeasureKind.Quantile when isLong:
                Numbers.Merge(kind, ref reader, isLong);
                if (reader.Byte() != 0)
                {
                    (Quantiles ??= new()).MergeUnordered(ref reader);
                }

                break;
            case MeasureKind.Quantile:
                var extremes = default(Moments);
                if (extremes.Merge(MeasureKind.Extremes, ref reader, isLong) > 0)
                {
                    (Quantiles ??= new()).Merge(extremes.Min, extremes.Max, ref reader);
                    Numbers.Count += extremes.Count;
                }

                break;
            default:
                Numbers.Merge(kind, ref reader, isLong);
                break;
        }
    }

    /// <summary>Passes over one that was written.</summary>
    /// <param name="isLong">It was written before numbers were shortened.</param>
    public static void Skip(MeasureKind kind, ref ByteReader reader, bool isLong)
    {
        if (isLong)
        {
            new Measure().Merge(kind, ref reader, isLong);
            return;
        }

        reader.Varint();
        var numbers = default(Moments);
        switch (kind)
        {
            case MeasureKind.Count:
                break;
            case MeasureKind.Distinct:
                DistinctMeasure.Skip(ref reader);
                break;
            case MeasureKind.Quantile:
                if (numbers.Merge(MeasureKind.Extremes, ref reader, isLong) > 0)
                {
                    QuantileMeasure.Skip(ref reader);
                }

                break;
            default:
                numbers.Merge(kind, ref reader, isLong);
                break;
        }
    }

    /// <summary>Makes it as if it were new, without letting go of its room.</summary>
    public void Clear()
    {
        Rows = 0;
        Numbers = default;
        Quantiles?.Clear();
        Distinct?.Clear();
    }

    /// <summary>Adds another one.</summary>
    public void Merge(MeasureKind kind, Measure other)
    {
        var bytes = new ByteWriter();
        other.Write(kind, bytes);
        var reader = new ByteReader(bytes.Written);
        Merge(kind, ref reader, isLong: false);
    }

    public void Write(MeasureKind kind, ByteWriter writer)
    {
        writer.Varint((ulong)Rows);
        switch (kind)
        {
            case MeasureKind.Count:
                break;
            case MeasureKind.Distinct:
                (Distinct ?? DistinctMeasure.None).Write(writer);
                break;
            case MeasureKind.Quantile when Quantiles is { } quantiles:
                quantiles.Write(Count, writer);
                break;
            case MeasureKind.Quantile:
                writer.Varint(0);
                break;
            default:
                Numbers.Write(kind, writer);
                break;
        }
    }
}
