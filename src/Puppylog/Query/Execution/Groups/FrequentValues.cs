using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// Which values of a block's dictionary are worth looking at for the values with the most rows: as few as a share of them,
/// where that leaves only rare ones out. Depends on the block and its rows alone, so that another pass finds the same.
/// </summary>
static class FrequentValues
{
    /// <summary>Dictionaries of fewer values are taken whole.</summary>
    public const int MinValues = 1 << 11;

    /// <summary>At most one in so many values is looked at.</summary>
    const int Share = 16;

    /// <summary>Rows that a value left out may have at the most, plus one.</summary>
    const int MaxLeast = 64;

    /// <summary>The rows from which on a value is looked at; 1 where all are.</summary>
    /// <param name="dictionary">The values.</param>
    /// <param name="counts">Rows per code.</param>
    public static int Least(DictionaryVector dictionary, ReadOnlySpan<int> counts)
    {
        // With kinds, two codes may have the same bytes; with absent ones, the empty value may have a second code.
        if (counts.Length < MinValues || dictionary.Kinds is not null || dictionary.AbsentCode >= 0)
        {
            return 1;
        }

        Span<int> having = stackalloc int[MaxLeast + 1];
        having.Clear();
        foreach (var count in counts)
        {
            having[Math.Min(count, MaxLeast)]++;
        }

        var sum = 0;
        var least = MaxLeast + 1;
        while (least > 1 && sum + having[least - 1] <= counts.Length / Share)
        {
            sum += having[--least];
        }

        return least > MaxLeast ? 1 : least;
    }
}
