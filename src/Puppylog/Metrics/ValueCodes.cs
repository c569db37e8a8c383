using System.Buffers;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Values;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>What is kept of a column's values, numbered in its own order: so that sets of them are sorted by setting bits.</summary>
sealed class ValueCodes : IDisposable
{
    /// <summary>Stands for no value among values: neither a bucket nor a hash.</summary>
    const long None = long.MinValue;

    ValueCodes(int[] codes, long[] values, int count) => (Codes, Values, Histogram) = (codes, values, new(count));

    /// <summary>By row; -1 where there is no value. Longer than there are rows.</summary>
    public int[] Codes { get; }

    /// <summary>By code, ascending. Longer than there are codes.</summary>
    public long[] Values { get; }

    /// <summary>Empty between two uses.</summary>
    CodeHistogram Histogram { get; }

    public static ValueCodes Buckets(NumberValues numbers)
    {
        var codes = ArrayPool<int>.Shared.Rent(numbers.Count);
        var (least, most) = (int.MaxValue, int.MinValue);
        for (var row = 0; row < numbers.Count; row++)
        {
            if (numbers.Forms[row] == NumberForm.None)
            {
                codes[row] = int.MinValue;
                continue;
            }

            var bucket = (int)QuantileSketch.Bucket(numbers.Number(row));
            (least, most) = (Math.Min(least, bucket), Math.Max(most, bucket));
            codes[row] = bucket;
        }

        var values = BucketOrder.Number(codes.AsSpan(0, numbers.Count), least, most, out var count);
        return new(codes, values, count);
    }

    /// <summary>The codes of some rows, ascending and each once, and how often each came; gives how many there were.</summary>
    public int Count(ReadOnlySpan<int> rows, Span<int> used, Span<int> counts)
    {
        foreach (var row in rows)
        {
            if (Codes[row] >= 0)
            {
                Histogram.Add(Codes[row]);
            }
        }

        return Histogram.Take(used, counts);
    }

    /// <summary>The codes of some rows, ascending and each once; gives how many there were.</summary>
    public int Take(ReadOnlySpan<int> rows, Span<int> used)
    {
        foreach (var row in rows)
        {
            if (Codes[row] >= 0)
            {
                Histogram.Mark(Codes[row]);
            }
        }

        return Histogram.Take(used);
    }

    public static ValueCodes Hashes(ColumnVector? column, int count)
    {
        var codes = ArrayPool<int>.Shared.Rent(count);
        switch (column)
        {
            case null:
                codes.AsSpan(0, count).Fill(-1);
                return new(codes, ArrayPool<long>.Shared.Rent(0), 0);
            case DictionaryVector dictionary:
                for (var row = 0; row < count; row++)
                {
                    codes[row] = dictionary.Codes[row];
                }

                var values = ArrayPool<long>.Shared.Rent(dictionary.DistinctCount);
                for (var code = 0; code < dictionary.DistinctCount; code++)
                {
                    values[code] = Hash(dictionary.ValueOf(code));
                }

                return Sorted(codes, count, values, dictionary.DistinctCount);
            default:
                var rows = ArrayPool<int>.Shared.Rent(count);
                for (var row = 0; row < count; row++)
                {
                    rows[row] = row;
                }

                using (var coded = new ColumnCodes(column, rows.AsSpan(0, count), null))
                {
                    ArrayPool<int>.Shared.Return(rows);
                    coded.Codes.AsSpan(0, count).CopyTo(codes);
                    values = ArrayPool<long>.Shared.Rent(coded.Count);
                    for (var code = 0; code < coded.Count; code++)
                    {
                        values[code] = Hash(coded.Value(code));
                    }

                    return Sorted(codes, count, values, coded.Count);
                }
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(Codes);
        ArrayPool<long>.Shared.Return(Values);
        Histogram.Dispose();
    }

    static long Hash(ReadOnlySpan<byte> value) => value.IsEmpty ? None : DistinctMeasure.Hash(value);

    /// <param name="codes">By row, as they are numbered so far; overwritten.</param>
    /// <param name="values">By these codes, or <see cref="None"/>; overwritten.</param>
    static ValueCodes Sorted(int[] codes, int rows, long[] values, int count)
    {
        var order = ArrayPool<int>.Shared.Rent(count);
        var ranks = ArrayPool<int>.Shared.Rent(count);
        HashOrder.Sort(values.AsSpan(0, count), order.AsSpan(0, count));
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (values[i] == None)
            {
                ranks[order[i]] = -1;
                continue;
            }

            // Two values of one hash are one.
            if (kept == 0 || values[kept - 1] != values[i])
            {
                values[kept++] = values[i];
            }

            ranks[order[i]] = kept - 1;
        }

        for (var row = 0; row < rows; row++)
        {
            codes[row] = codes[row] < 0 ? -1 : ranks[codes[row]];
        }

        ArrayPool<int>.Shared.Return(order);
        ArrayPool<int>.Shared.Return(ranks);
        return new(codes, values, kept);
    }
}
