using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// The groups of <c>by (…)</c>, numbered as they come. A group's key is its value, or with several fields each value with
/// its length before it.
/// </summary>
sealed class GroupTable(ImmutableArray<GroupField> fields, QueryMemory memory)
{
    readonly KeyTable _keys = new(memory);
    readonly ArrayBufferWriter<byte> _key = new();

    public int Count => _keys.Count;

    /// <summary>The columns that a view is grouped by, decoded.</summary>
    public ColumnVector?[] Resolve(RecordView view)
    {
        var columns = new ColumnVector?[fields.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = FieldResolver.Resolve(view, fields[i].Name);
        }

        return columns;
    }

    /// <summary>The group of each row. Columns are from <see cref="Resolve"/>.</summary>
    public int[] Assign(ColumnVector?[] columns, ReadOnlySpan<int> rows)
    {
        var codes = new ColumnCodes[columns.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = new(columns[i], rows, fields[i].Bucket);
        }

        var combined = codes.Length == 0 ? new int[rows.Length] : (int[])codes[0].Codes.Clone();
        var count = codes.Length == 0 ? 1 : codes[0].Count;
        for (var i = 1; i < codes.Length; i++)
        {
            if (codes[i].Count == 1)
            {
                continue;
            }

            var table = new LongTable();
            for (var row = 0; row < combined.Length; row++)
            {
                combined[row] = table.GetOrAdd(((long)combined[row] * codes[i].Count) + codes[i].Codes[row]);
            }

            count = table.Count;
        }

        var groups = new int[count];
        for (var row = 0; row < combined.Length; row++)
        {
            ref var group = ref groups[combined[row]];
            if (group == 0)
            {
                group = 1 + Group(codes, row);
            }

            combined[row] = group - 1;
        }

        return combined;
    }

    /// <summary>Adds the groups of another table of the same fields: the number here of each of its groups.</summary>
    public int[] Merge(GroupTable other)
    {
        var map = new int[other.Count];
        for (var group = 0; group < map.Length; group++)
        {
            map[group] = _keys.GetOrAdd(other._keys[group]);
        }

        return map;
    }

    public ReadOnlySpan<byte> Value(int group, int field)
    {
        var key = _keys[group];
        if (fields.Length == 1)
        {
            return key;
        }

        for (; field > 0; field--)
        {
            key = key[(4 + BinaryPrimitives.ReadInt32LittleEndian(key))..];
        }

        return key.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(key));
    }

    /// <summary>Orders two groups by their values, field after field.</summary>
    public int Compare(int a, int b)
    {
        var order = 0;
        for (var field = 0; field < fields.Length && order == 0; field++)
        {
            order = NaturalOrder.Compare(Value(a, field), Value(b, field));
        }

        return order;
    }

    /// <summary>Adds a column per field, a row per group in the order given.</summary>
    public void AddColumns(ResultView view, ReadOnlySpan<int> order)
    {
        for (var field = 0; field < fields.Length; field++)
        {
            var column = new ResultColumn(order.Length);
            foreach (var group in order)
            {
                column.Add(Value(group, field));
            }

            view.Add(fields[field].Name, column.ToVector(fields[field].Name is FieldNames.Time));
        }
    }

    int Group(ColumnCodes[] codes, int row)
    {
        if (codes.Length == 1)
        {
            return _keys.GetOrAdd(codes[0].Value(codes[0].Codes[row]));
        }

        _key.ResetWrittenCount();
        foreach (var column in codes)
        {
            var value = column.Value(column.Codes[row]);
            BinaryPrimitives.WriteInt32LittleEndian(_key.GetSpan(4), value.Length);
            _key.Advance(4);
            _key.Write(value);
        }

        return _keys.GetOrAdd(_key.WrittenSpan);
    }
}
