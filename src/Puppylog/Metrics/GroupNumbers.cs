using System.Buffers;

namespace Puppylog.Metrics;

/// <summary>A column's numbers, those of a group beside each other, for all measures of these groups.</summary>
sealed class GroupNumbers : IDisposable
{
    readonly NumberValues _values;
    readonly BlockGroups _groups;

    /// <summary>Integers only: those of each group; where others are among them it is empty.</summary>
    readonly long[] _integers = [];

    /// <summary>Where those of a group begin, and behind the last one where they end. Longer than there are groups.</summary>
    readonly int[] _starts;

    public GroupNumbers(BlockGroups groups, NumberValues values)
    {
        (_groups, _values) = (groups, values);
        _starts = ArrayPool<int>.Shared.Rent(groups.Count + 1);
        var order = groups.InOrder();
        if (!values.HasFloats)
        {
            // One more, as what is absent is put there before the next takes its place.
            _integers = ArrayPool<long>.Shared.Rent(order.Length + 1);
        }

        var (integers, forms, compact) = (values.Integers, values.Forms, _integers);
        for (int group = 0, from = 0, count = 0; group < groups.Count; group++)
        {
            var rows = order.Slice(from, groups.Rows[group]);
            from += rows.Length;
            _starts[group] = values.HasFloats ? from - rows.Length : count;
            if (!values.HasFloats)
            {
                foreach (var row in rows)
                {
                    compact[count] = integers[row];
                    count += (int)forms[row];
                }
            }

            _starts[group + 1] = values.HasFloats ? from : count;
        }
    }

    public NumberValues Values => _values;

    public Moments Sum(int group)
    {
        var moments = default(Moments);
        if (_values.HasFloats)
        {
            foreach (var row in Rows(group))
            {
                if (_values.Forms[row] == NumberForm.Integer)
                {
                    moments.AddInteger(_values.Integers[row]);
                }
                else if (_values.Forms[row] == NumberForm.Float)
                {
                    moments.AddFloat(_values.Numbers[row]);
                }
            }

            return moments;
        }

        var integers = Integers(group);
        if (_values.AreSmall)
        {
            moments.AddIntegers(integers.Length, Total(integers));
            return moments;
        }

        foreach (var integer in integers)
        {
            moments.AddInteger(integer);
        }

        return moments;
    }

    public Moments Extremes(int group)
    {
        var moments = default(Moments);
        if (_values.HasFloats)
        {
            foreach (var row in Rows(group))
            {
                if (_values.Forms[row] != NumberForm.None)
                {
                    moments.AddExtreme(_values.Numbers[row]);
                }
            }

            return moments;
        }

        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var integer in Integers(group))
        {
            min = integer < min ? integer : min;
            max = integer > max ? integer : max;
        }

        return Integers(group).IsEmpty ? moments : new() { Count = Integers(group).Length, Min = min, Max = max };
    }

    /// <summary>The mean first, then the distances from it: a division a group instead of one a number.</summary>
    public Moments Spread(int group)
    {
        var moments = default(Moments);
        if (_values.HasFloats)
        {
            foreach (var row in Rows(group))
            {
                if (_values.Forms[row] != NumberForm.None)
                {
                    moments.AddSpread(_values.Numbers[row]);
                }
            }

            return moments;
        }

        var integers = Integers(group);
        if (!_values.AreSmall)
        {
            foreach (var integer in integers)
            {
                moments.AddSpread(integer);
            }

            return moments;
        }

        if (integers.IsEmpty)
        {
            return moments;
        }

        var (mean, squares) = ((double)Total(integers) / integers.Length, 0.0);
        foreach (var integer in integers)
        {
            var distance = integer - mean;
            squares += distance * distance;
        }

        return new() { Count = integers.Length, Mean = mean, Squares = squares };
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_starts);
        if (_integers.Length > 0)
        {
            ArrayPool<long>.Shared.Return(_integers);
        }
    }

    ReadOnlySpan<long> Integers(int group) => _integers.AsSpan(_starts[group].._starts[group + 1]);

    ReadOnlySpan<int> Rows(int group) => _groups.InOrder()[_starts[group].._starts[group + 1]];

    static long Total(ReadOnlySpan<long> integers)
    {
        var total = 0L;
        foreach (var integer in integers)
        {
            total += integer;
        }

        return total;
    }
}
