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
        var columns = new ColumnVector?[fields.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = FieldResolver.Resolve(view, fields[i].Name);
        }

        using var keys = new BlockKeys(columns, fields, rows);
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
        memory.Charge((long)Count * RankedGroup.Size);
        var order = new RankedGroup[Count];
        for (var group = 0; group < order.Length; group++)
        {
            order[group] = Rank(group, 0);
        }

        order.AsSpan().Sort(this);
        return order;
    }
}
