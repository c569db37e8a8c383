using System.Buffers;
using Puppylog.Query.Values;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>A column's values as numbers, row by row. The arrays are longer than there are rows.</summary>
sealed class NumberValues : IDisposable
{
    /// <summary>Bits of integers of which as many as a block has rows add up to 63 bits at most.</summary>
    const int SmallBits = 44;

    readonly bool _isRented;

    public NumberValues(ColumnVector? column, int count)
    {
        Count = count;
        Forms = ArrayPool<NumberForm>.Shared.Rent(count);
        if (column is IntegerVector integers)
        {
            Integers = integers.Values;
            Take(integers);
        }
        else
        {
            (_isRented, Integers, Numbers) = (true, ArrayPool<long>.Shared.Rent(count), ArrayPool<double>.Shared.Rent(count));
            Read(new NumberColumn(column));
        }

        var used = 0L;
        foreach (var integer in Integers.AsSpan(0, count))
        {
            used |= integer ^ (integer >> 63);
        }

        AreSmall = used >> SmallBits == 0 && count <= 1 << (63 - SmallBits);
    }

    public int Count { get; }

    /// <summary>True where there are others than integers.</summary>
    public bool HasFloats { get; private set; }

    /// <summary>True where sums of all integers are integers of 64 bits.</summary>
    public bool AreSmall { get; }

    /// <summary>Integers, too; empty where there are only those.</summary>
    public double[] Numbers { get; } = [];

    /// <summary>Of those that are integers; 0 where the form is none.</summary>
    public long[] Integers { get; }

    public NumberForm[] Forms { get; }

    /// <summary>The number of a row that has one.</summary>
    public double Number(int row) => HasFloats ? Numbers[row] : Integers[row];

    public void Dispose()
    {
        ArrayPool<NumberForm>.Shared.Return(Forms);
        if (_isRented)
        {
            ArrayPool<long>.Shared.Return(Integers);
            ArrayPool<double>.Shared.Return(Numbers);
        }
    }

    void Take(IntegerVector integers)
    {
        Forms.AsSpan(0, Count).Fill(NumberForm.Integer);
        for (var row = 0; integers.Present is { } present && row < Count; row++)
        {
            Forms[row] = present[row] ? NumberForm.Integer : NumberForm.None;
        }
    }

    void Read(NumberColumn numbers)
    {
        for (var row = 0; row < Count; row++)
        {
            Forms[row] = !numbers.TryRead(row, out Numbers[row], out Integers[row], out var isInteger) ? NumberForm.None : isInteger ? NumberForm.Integer : NumberForm.Float;
            if (Forms[row] != NumberForm.Integer)
            {
                // What cannot be read as an integer may have left something.
                Integers[row] = 0;
                HasFloats |= Forms[row] == NumberForm.Float;
            }
        }
    }
}
