using System.Numerics;
using System.Runtime.InteropServices;

namespace Puppylog.Query.Execution.Groups;

/// <summary>Recognises that rows are simply the first n, so that columns are read without looking rows up.</summary>
static class RowRange
{
    /// <summary>True where row i is i. Ends at the first that is not, so that asking costs little either way.</summary>
    public static bool IsFirst(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty || rows[0] != 0 || rows[^1] != rows.Length - 1)
        {
            return false;
        }

        var vectors = MemoryMarshal.Cast<int, Vector<int>>(rows);
        var expected = Vector.CreateSequence(0, 1);
        var step = Vector.Create(Vector<int>.Count);
        foreach (var vector in vectors)
        {
            if (vector != expected)
            {
                return false;
            }

            expected += step;
        }

        for (var i = vectors.Length * Vector<int>.Count; i < rows.Length; i++)
        {
            if (rows[i] != i)
            {
                return false;
            }
        }

        return true;
    }
}
