using System.Buffers;
using Puppylog.Query.Execution;

namespace Puppylog.Query.Values;

/// <summary>
/// Numbers in the order in which they come, in parts that are never copied when the list grows or takes over another one;
/// finds the one that would stand at an index if they were sorted.
/// </summary>
/// <param name="memory">Charged as it grows.</param>
sealed class NumberList(QueryMemory memory)
{
    const int PartLength = 1 << 15;

    /// <summary>Numbers up to which one part is sorted or selected from as it is.</summary>
    const int FewNumbers = 1 << 12;

    readonly List<double[]> _full = [];
    double[] _last = [];
    int _length;

    public int Count => (_full.Count * PartLength) + _length;

    public void Add(double number)
    {
        if (_length == _last.Length)
        {
            Grow();
        }

        _last[_length++] = number;
    }

    /// <summary>Adds the integers of rows.</summary>
    public void Add(long[] values, ReadOnlySpan<int> rows)
    {
        while (!rows.IsEmpty)
        {
            if (_length == _last.Length)
            {
                Grow();
            }

            var target = _last.AsSpan(_length, Math.Min(_last.Length - _length, rows.Length));
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = values[rows[i]];
            }

            _length += target.Length;
            rows = rows[target.Length..];
        }
    }

    /// <summary>Takes over another list, which is used up.</summary>
    public void Take(NumberList other)
    {
        _full.AddRange(other._full);
        other._full.Clear();
        foreach (var number in other._last.AsSpan(0, other._length))
        {
            Add(number);
        }

        other.Release();
    }

    public IEnumerable<ReadOnlyMemory<double>> Parts()
    {
        foreach (var part in _full)
        {
            yield return part.AsMemory(0, PartLength);
        }

        yield return _last.AsMemory(0, _length);
    }

    /// <summary>The number at an index of the sorted list; the list may be put into another order.</summary>
    /// <remarks>
    /// Of many numbers, those that share the sign, exponent and upper mantissa of the one that is looked for are found by
    /// counting (a step of a radix sort from the top), and the rest of the work is on those.
    /// </remarks>
    public double At(int index)
    {
        if (Count <= FewNumbers)
        {
            return Selection.At(_last.AsSpan(0, _length), index);
        }

        var counts = new int[1 << 16];
        foreach (var part in Parts())
        {
            foreach (var number in part.Span)
            {
                counts[Upper(number)]++;
            }
        }

        var upper = 0;
        for (; index >= counts[upper]; upper++)
        {
            index -= counts[upper];
        }

        var near = new double[counts[upper]];
        var found = 0;
        foreach (var part in Parts())
        {
            foreach (var number in part.Span)
            {
                if (Upper(number) == upper)
                {
                    near[found++] = number;
                }
            }
        }

        return Selection.At(near, index);
    }

    /// <summary>Gives the memory back; the list is empty.</summary>
    public void Release()
    {
        foreach (var part in _full)
        {
            ArrayPool<double>.Shared.Return(part);
            memory.Release(PartLength * 8L);
        }

        _full.Clear();
        memory.Release(_last.Length * 8L);
        (_last, _length) = ([], 0);
    }

    /// <summary>The upper 16 bits of a form that ascends with the number.</summary>
    static int Upper(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number + 0.0);
        return (int)((ulong)(bits ^ ((bits >> 63) | long.MinValue)) >> 48);
    }

    void Grow()
    {
        if (_last.Length == PartLength)
        {
            _full.Add(_last);
            _last = [];
            _length = 0;
        }

        var size = Count > 0 && _full.Count > 0 ? PartLength : Math.Clamp(_length * 2, 4, PartLength);
        memory.Charge((size - _last.Length) * 8L);
        if (size < PartLength)
        {
            Array.Resize(ref _last, size);
            return;
        }

        var rented = ArrayPool<double>.Shared.Rent(PartLength);
        _last.AsSpan(0, _length).CopyTo(rented);
        _last = rented;
    }
}
