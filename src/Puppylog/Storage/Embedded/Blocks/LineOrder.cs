using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Encodings;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// From the order in which values stand in lines, the field of each: a record's fields are those that it has a value of, in
/// the order of the fields. A number says how many of those that are left lie between the last one taken and the next,
/// beginning anew behind the last.
/// </summary>
static class LineOrder
{
    /// <summary>Values of all records of open lines; a writer puts together no more.</summary>
    public const int MaxValues = PlacedValues.MaxValues;

    /// <summary>The field of each value, one line behind the other; -1 behind the last one of each.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="ends">Per record where its forms end.</param>
    /// <param name="order">A number for each value of the lines.</param>
    public static int[] Fields(MemberFields fields, int[] ends, int[] order)
    {
        var starts = new int[ends.Length + 1];
        Visit(fields, ends, (row, _) => starts[row + 1]++);
        for (var row = 0; row < ends.Length; row++)
        {
            var sum = starts[row] + (long)starts[row + 1];
            starts[row + 1] = sum <= MaxValues ? (int)sum : throw AssembledEncoding.Wrong();
        }

        var present = new int[starts[^1]];
        var at = starts.AsSpan(0, ends.Length).ToArray();
        Visit(fields, ends, (row, field) => present[at[row]++] = field);

        var result = new int[ends.Length == 0 ? 0 : ends[^1]];
        var next = 0;
        var value = 0;
        for (var row = 0; row < ends.Length; row++)
        {
            var left = present.AsSpan(starts[row], starts[row + 1] - starts[row]);
            for (var from = 0; next < ends[row] - 1;)
            {
                var step = order[value++];
                if (step >= left.Length)
                {
                    throw AssembledEncoding.Wrong();
                }

                from = from + step < left.Length ? from + step : from + step - left.Length;
                result[next++] = left[from];
                left[(from + 1)..].CopyTo(left[from..]);
                left = left[..^1];
            }

            if (next < ends[row])
            {
                result[next++] = -1;
            }
        }

        return result;
    }

    static void Visit(MemberFields fields, int[] ends, Action<int, int> found)
    {
        var taken = 0L;
        for (var field = 0; field < fields.Count; field++)
        {
            if (fields.TryPlaces(field, out var places))
            {
                foreach (var row in places)
                {
                    Take(row, field);
                }

                continue;
            }

            var column = fields.Column(field)!;
            for (var row = 0; row < ends.Length; row++)
            {
                if (column.IsPresent(row))
                {
                    Take(row, field);
                }
            }
        }

        void Take(int row, int field)
        {
            if (ends[row] > (row == 0 ? 0 : ends[row - 1]))
            {
                found(row, ++taken <= MaxValues ? field : throw AssembledEncoding.Wrong());
            }
        }
    }
}
