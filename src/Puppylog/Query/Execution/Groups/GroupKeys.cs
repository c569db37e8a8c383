using System.Buffers.Binary;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// Groups by their keys: a key is the value of the one field, or with several fields each value with its length before it.
/// </summary>
/// <param name="fieldCount">Fields of the key.</param>
abstract class GroupKeys(int fieldCount) : IComparer<RankedGroup>
{
    public abstract ReadOnlySpan<byte> Key(int group);

    public ReadOnlySpan<byte> Value(int group, int field)
    {
        var key = Key(group);
        if (fieldCount == 1)
        {
            return key;
        }

        for (; field > 0; field--)
        {
            key = key[(4 + BinaryPrimitives.ReadInt32LittleEndian(key))..];
        }

        return key.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(key));
    }

    /// <summary>A group with what it is sorted by; hits are 0 where they do not matter.</summary>
    public RankedGroup Rank(int group, long hits) => new(group, hits, fieldCount == 0 ? default : SortKey.Of(Value(group, 0)));

    /// <summary>Most hits first, then by the values, field after field.</summary>
    public int Compare(RankedGroup x, RankedGroup y)
    {
        var order = y.Hits.CompareTo(x.Hits);
        order = order != 0 || fieldCount == 0 ? order : NaturalOrder.Compare(x.First, Value(x.Group, 0), y.First, Value(y.Group, 0));
        for (var field = 1; field < fieldCount && order == 0; field++)
        {
            order = NaturalOrder.Compare(Value(x.Group, field), Value(y.Group, field));
        }

        return order;
    }

    /// <summary>Adds a column per field, a row per group in the order given.</summary>
    public void AddColumns(ResultView view, IReadOnlyList<string> names, ReadOnlySpan<RankedGroup> groups)
    {
        for (var field = 0; field < fieldCount; field++)
        {
            var column = new ResultColumn(groups.Length);
            foreach (var group in groups)
            {
                column.Add(Value(group.Group, field));
            }

            view.Add(names[field], column.ToVector(names[field] is FieldNames.Time));
        }
    }
}
