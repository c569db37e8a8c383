namespace Puppylog.Records.Columns;

/// <summary>A field that few records have: the rows of those that do, and a value for each of them.</summary>
/// <param name="count">Records.</param>
/// <param name="rows">The rows that have a value, ascending.</param>
/// <param name="values">Their values, one after the other, none of them absent.</param>
/// <param name="isShared">The bytes of the values are those of other fields too.</param>
sealed class SparseVector(int count, int[] rows, ColumnVector values, bool isShared = false) : ColumnVector(count)
{
    /// <summary>The first entry at or behind the row that was looked for last: rows are mostly asked for in order.</summary>
    int _at;

    public int[] Rows { get; } = rows;

    public ColumnVector Values { get; } = values;

    public override bool IsPresent(int row) => Find(row) >= 0;

    public override ReadOnlySpan<byte> Value(int row) => Find(row) is >= 0 and var entry ? Values.Value(entry) : default;

    public override ValueKind Kind(int row) => Find(row) is >= 0 and var entry ? Values.Kind(entry) : ValueKind.Text;

    public override long HeldBytes => (Rows.Length * 4L) + (isShared ? Rows.Length * 8L : Values.HeldBytes);

    /// <summary>Fields that share their bytes are not kept: one of them would keep all.</summary>
    public override ColumnVector? Share() => !isShared && Values.Share() is { } values ? new SparseVector(Count, Rows, values) : null;

    /// <summary>The entry of a row, or -1.</summary>
    int Find(int row)
    {
        var at = _at;
        if (at < Rows.Length && Rows[at] < row)
        {
            at++;
            if (at < Rows.Length && Rows[at] < row)
            {
                at = LowerBound(at, Rows.Length, row);
            }
        }
        else if (at > 0 && Rows[at - 1] >= row)
        {
            at = LowerBound(0, at, row);
        }

        _at = at;
        return at < Rows.Length && Rows[at] == row ? at : -1;
    }

    int LowerBound(int start, int end, int row)
    {
        var found = Rows.AsSpan(start, end - start).BinarySearch(row);
        return start + (found < 0 ? ~found : found);
    }
}
