namespace Puppylog.Records.Columns;

/// <summary>
/// The values of many sparse fields by row, for those who go from record to record: thousands of fields, each of them in
/// few records, are not to be asked one by one.
/// </summary>
sealed class SparseIndex
{
    /// <summary>Fewer sparse fields are asked like any other.</summary>
    public const int Worthwhile = 64;

    readonly int[] _starts;
    readonly int[] _fields;

    SparseIndex(int[] starts, int[] fields) => (_starts, _fields) = (starts, fields);

    /// <summary>The fields that a record has, ascending: places in the list that the index was made of.</summary>
    public ReadOnlySpan<int> Fields(int row) => _fields.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    /// <param name="count">Records.</param>
    /// <param name="fields">The fields; those that are not sparse are left out.</param>
    public static SparseIndex Of(int count, IReadOnlyList<ColumnVector> fields)
    {
        var starts = new int[count + 2];
        foreach (var field in fields)
        {
            foreach (var row in Rows(field))
            {
                starts[row + 2]++;
            }
        }

        for (var row = 2; row < starts.Length; row++)
        {
            starts[row] += starts[row - 1];
        }

        // Filling moves each start to the next row's, which is why the counts stand one place further.
        var byRow = new int[starts[^1]];
        for (var i = 0; i < fields.Count; i++)
        {
            foreach (var row in Rows(fields[i]))
            {
                byRow[starts[row + 1]++] = i;
            }
        }

        return new(starts, byRow);
    }

    static ReadOnlySpan<int> Rows(ColumnVector field) => field is SparseVector sparse ? sparse.Rows : default;
}
