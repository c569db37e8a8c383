using System.Buffers;
using System.Collections.Immutable;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>The groups of <c>by (…)</c>, numbered as they come.</summary>
sealed class GroupTable(ImmutableArray<GroupField> fields, QueryMemory memory) : GroupKeys(fields.Length)
{
    readonly KeyTable _keys = new(memory);
    readonly ArrayBufferWriter<byte> _key = new();
    int[] _groups = [];

    public int Count => _keys.Count;

    public override ReadOnlySpan<byte> Key(int group) => _keys[group];

    /// <summary>The group of each row; holds until the next call.</summary>
    public ReadOnlySpan<int> Assign(RecordView view, ReadOnlySpan<int> rows)
    {
        using var keys = new BlockKeys(Resolve(view), fields, rows);
        if (_groups.Length < rows.Length)
        {
            _groups = new int[rows.Length];
        }

        var places = ArrayPool<int>.Shared.Rent(keys.Count);
        places.AsSpan(0, keys.Count).Clear();
        var numbers = keys.Numbers;
        var groups = _groups.AsSpan(0, rows.Length);
        for (var row = 0; row < groups.Length; row++)
        {
            ref var place = ref places[numbers[row]];
            if (place == 0)
            {
                place = 1 + _keys.GetOrAdd(keys.Key(numbers[row], _key));
            }

            groups[row] = place - 1;
        }

        ArrayPool<int>.Shared.Return(places);
        return groups;
    }

    /// <summary>Counts the rows of each group.</summary>
    /// <param name="view">The rows' view.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="hits">Is added to.</param>
    public void CountRows(RecordView view, ReadOnlySpan<int> rows, GroupArray<long> hits)
    {
        using var keys = new BlockKeys(Resolve(view), fields, rows);
        var rented = ArrayPool<int>.Shared.Rent(keys.Count);
        var counts = rented.AsSpan(0, keys.Count);
        Histogram.Count(keys.Numbers.AsSpan(0, rows.Length), counts);
        for (var number = 0; number < counts.Length; number++)
        {
            if (counts[number] > 0)
            {
                var group = _keys.GetOrAdd(keys.Key(number, _key));
                hits.Ensure(_keys.Count);
                hits.Items[group] += counts[number];
            }
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Adds the groups of another table of the same fields: the number here of each of its groups.</summary>
    public int[] Merge(GroupTable other)
    {
        var map = new int[other.Count];
        for (var group = 0; group < map.Length; group++)
        {
            map[group] = _keys.GetOrAdd(other._keys[group], other._keys.Hash(group));
        }

        other._keys.Release();
        return map;
    }

    /// <summary>All groups, ordered by their values, field after field.</summary>
    public RankedGroup[] Sorted()
    {
        memory.Charge((RankedGroup.Size + (fields.Length * 32L)) * Count);
        var order = new RankedGroup[Count];
        var keys = new SortKey[Count * fields.Length];
        for (var group = 0; group < order.Length; group++)
        {
            for (var field = 0; field < fields.Length; field++)
            {
                keys[(group * fields.Length) + field] = SortKey.Of(Value(group, field));
            }

            order[group] = new(group, 0, keys[group * fields.Length]);
        }

        order.AsSpan().Sort((a, b) => Compare(keys, a.Group, b.Group));
        return order;
    }

    int Compare(SortKey[] keys, int a, int b)
    {
        var order = 0;
        for (var field = 0; field < fields.Length && order == 0; field++)
        {
            ref readonly var first = ref keys[(a * fields.Length) + field];
            ref readonly var second = ref keys[(b * fields.Length) + field];
            order = first.CompareTo(second);
            if (order == 0)
            {
                order = first.IsText ? NaturalOrder.CompareTexts(Value(a, field), Value(b, field)) : Value(a, field).SequenceCompareTo(Value(b, field));
            }
        }

        return order;
    }

    ColumnVector?[] Resolve(RecordView view)
    {
        var columns = new ColumnVector?[fields.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = FieldResolver.Resolve(view, fields[i].Name);
        }

        return columns;
    }
}
