using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>Counts the rows of each code of a dictionary.</summary>
static class CodeCounts
{
    /// <param name="dictionary">The codes.</param>
    /// <param name="rows">The rows that count, each once.</param>
    /// <param name="counts">As long as there are codes; overwritten.</param>
    public static void Of(DictionaryVector dictionary, ReadOnlySpan<int> rows, Span<int> counts)
    {
        if (rows.Length == dictionary.Count)
        {
            // Rows come once each: these are all.
            Histogram.Count(dictionary.Codes.AsSpan(0, dictionary.Count), counts);
            return;
        }

        counts.Clear();
        foreach (var row in rows)
        {
            counts[dictionary.Codes[row]]++;
        }
    }
}
