using System.Buffers;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Values;

namespace Puppylog.Metrics;

/// <summary>Rows of a block by period and segment: numbered in the order of the periods, only those that there are.</summary>
sealed class BlockGroups : IDisposable
{
    readonly ReadOnlyMemory<int> _rows;
    readonly int _keys;
    readonly long[] _places;
    readonly int[] _numbers;
    int[]? _order;

    /// <summary>Columns' numbers by group: few.</summary>
    readonly List<GroupNumbers> _numbered = [];

    public BlockGroups(BlockPeriods periods, BlockKeys? keys, ReadOnlyMemory<int> rows)
    {
        _rows = rows;
        _keys = keys?.Count ?? 1;
        _numbers = ArrayPool<int>.Shared.Rent(rows.Length);
        var codes = periods.Codes();
        // By place where that is no waste, else by a table.
        var isDirect = (long)periods.Count * _keys <= Math.Max(1024, rows.Length * 4L);
        (_places, Rows) = isDirect ? Direct(codes, keys, periods.Count * _keys) : Looked(codes, keys);
    }

    /// <summary>The rows.</summary>
    public ReadOnlySpan<int> Members => _rows.Span;

    /// <summary>The group of each of the rows.</summary>
    public ReadOnlySpan<int> Numbers => _numbers.AsSpan(0, Members.Length);

    public int Count => _places.Length;

    /// <summary>How many rows each group has.</summary>
    public int[] Rows { get; }

    /// <summary>The codes of a group's period and key.</summary>
    public (int Period, int Key) this[int group] => ((int)(_places[group] / _keys), (int)(_places[group] % _keys));

    /// <summary>The rows, those of a group beside each other and in order, the groups by number.</summary>
    public ReadOnlySpan<int> InOrder()
    {
        if (_order is null)
        {
            _order = ArrayPool<int>.Shared.Rent(Members.Length);
            var at = new int[Count];
            for (var group = 1; group < Count; group++)
            {
                at[group] = at[group - 1] + Rows[group - 1];
            }

            var rows = Members;
            for (var i = 0; i < rows.Length; i++)
            {
                _order[at[_numbers[i]]++] = rows[i];
            }
        }

        return _order.AsSpan(0, Members.Length);
    }

    /// <summary>A column's numbers by group, for all that is gathered of them.</summary>
    public GroupNumbers Numbered(NumberValues values)
    {
        foreach (var known in _numbered)
        {
            if (known.Values == values)
            {
                return known;
            }
        }

        var numbers = new GroupNumbers(this, values);
        _numbered.Add(numbers);
        return numbers;
    }

    public void Dispose()
    {
        foreach (var numbers in _numbered)
        {
            numbers.Dispose();
        }

        ArrayPool<int>.Shared.Return(_numbers);
        if (_order is not null)
        {
            ArrayPool<int>.Shared.Return(_order);
        }
    }

    (long[] Places, int[] Rows) Direct(int[] codes, BlockKeys? keys, int possible)
    {
        var counts = ArrayPool<int>.Shared.Rent(possible);
        var used = counts.AsSpan(0, possible);
        used.Clear();
        var rows = Members;
        if (keys is null)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                used[_numbers[i] = codes[rows[i]]]++;
            }
        }
        else
        {
            var numbers = keys.Numbers;
            for (var i = 0; i < rows.Length; i++)
            {
                used[_numbers[i] = (codes[rows[i]] * _keys) + numbers[rows[i]]]++;
            }
        }

        var groups = possible - used.Count(0);
        var (places, counted) = (new long[groups], new int[groups]);
        for (int place = 0, group = 0; place < possible; place++)
        {
            if (used[place] > 0)
            {
                (places[group], counted[group]) = (place, used[place]);
                used[place] = group++;
            }
        }

        if (groups < possible)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                _numbers[i] = used[_numbers[i]];
            }
        }

        ArrayPool<int>.Shared.Return(counts);
        return Ordered(places, counted);
    }

    (long[] Places, int[] Rows) Looked(int[] codes, BlockKeys? keys)
    {
        var table = new LongTable();
        var rows = Members;
        for (var i = 0; i < rows.Length; i++)
        {
            _numbers[i] = table.GetOrAdd(((long)codes[rows[i]] * _keys) + (keys is null ? 0 : keys.Numbers[rows[i]]));
        }

        var places = new long[table.Count];
        var order = new int[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            (places[i], order[i]) = (table[i], i);
        }

        ValueOrder.Sort(places, order);
        return Renumber(places, order, new int[places.Length], counted: false);
    }

    /// <summary>Where some may have to be counted together, the largest of a period come first.</summary>
    (long[] Places, int[] Rows) Ordered(long[] places, int[] counted)
    {
        if (_keys <= MetricDefinition.MaxSegments)
        {
            return (places, counted);
        }

        var order = Enumerable.Range(0, places.Length).OrderBy(group => places[group] / _keys).ThenByDescending(group => counted[group]).ToArray();
        return Renumber([.. order.Select(group => places[group])], order, [.. order.Select(group => counted[group])], counted: true);
    }

    /// <param name="order">The number so far of each group.</param>
    (long[] Places, int[] Rows) Renumber(long[] places, int[] order, int[] rows, bool counted)
    {
        var numbers = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            numbers[order[i]] = i;
        }

        for (var i = 0; i < _rows.Length; i++)
        {
            _numbers[i] = numbers[_numbers[i]];
            if (!counted)
            {
                rows[_numbers[i]]++;
            }
        }

        return counted ? (places, rows) : Ordered(places, rows);
    }
}
