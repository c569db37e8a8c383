namespace Puppylog.Query.Execution.Scan;

/// <summary>The numbers from 0 on, shared by all blocks whose every row matches. Nobody writes to them.</summary>
static class FirstRows
{
    static int[] _rows = [];

    public static ReadOnlyMemory<int> Of(int count)
    {
        var rows = _rows;
        if (rows.Length < count)
        {
            rows = new int[Math.Max(count, 1 << 16)];
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = row;
            }

            _rows = rows;
        }

        return rows.AsMemory(0, count);
    }
}
