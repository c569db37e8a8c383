using System.Buffers;
using Puppylog.Query.Values;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>A column's values as numbers, row by row. The arrays are longer than there are rows.</summary>
sealed class NumberValues : IDisposable
{
    public NumberValues(ColumnVector? column, int count)
    {
        Count = count;
        Numbers = ArrayPool<double>.Shared.Rent(count);
        Integers = ArrayPool<long>.Shared.Rent(count);
        Forms = ArrayPool<NumberForm>.Shared.Rent(count);
        if (column is IntegerVector integers)
        {
            Take(integers);
            return;
        }

        var numbers = new NumberColumn(column);
        for (var row = 0; row < count; row++)
        {
            Forms[row] = !numbers.TryRead(row, out Numbers[row], out Integers[row], out var isInteger) ? NumberForm.None : isInteger ? NumberForm.Integer : NumberForm.Float;
        }
    }

    public int Count { get; }

    public double[] Numbers { get; }

    /// <summary>Of those that are integers.</summary>
    public long[] Integers { get; }

    public NumberForm[] Forms { get; }

    void Take(IntegerVector integers)
    {
        integers.Values.AsSpan(0, Count).CopyTo(Integers);
        for (var row = 0; row < Count; row++)
        {
            Numbers[row] = Integers[row];
        }

        Forms.AsSpan(0, Count).Fill(NumberForm.Integer);
        for (var row = 0; integers.Present is { } present && row < Count; row++)
        {
            Forms[row] = present[row] ? NumberForm.Integer : NumberForm.None;
        }
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(Numbers);
        ArrayPool<long>.Shared.Return(Integers);
        ArrayPool<NumberForm>.Shared.Return(Forms);
    }
}
