using System.Runtime.InteropServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// Splits the batches of a commit by the UTC day of their records. The 32 days with the most records get blocks of their
/// own; the records of further days share one mixed block per batch, so that hostile times cannot make thousands of files.
/// </summary>
static class BatchSplitter
{
    public const int MaxDays = 32;

    public static List<BatchPart> Split(IReadOnlyList<RecordBatch> batches)
    {
        var parts = new List<BatchPart>(batches.Count);
        var counts = new Dictionary<int, int>();
        var singleDays = true;
        foreach (var batch in batches)
        {
            if (batch.Count == 0)
            {
                continue;
            }

            var (first, last) = DaysOf(batch.Times);
            parts.Add(new(batch, first, null));
            if (first == last)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, first, out _) += batch.Count;
                continue;
            }

            singleDays = false;
            foreach (var time in batch.Times)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, Timestamps.DayOf(time), out _)++;
            }
        }

        return singleDays && counts.Count <= MaxDays ? parts : SplitByDay(parts, Chosen(counts));
    }

    static (int First, int Last) DaysOf(ReadOnlySpan<long> times)
    {
        var min = long.MaxValue;
        var max = long.MinValue;
        foreach (var time in times)
        {
            min = Math.Min(min, time);
            max = Math.Max(max, time);
        }

        return (Timestamps.DayOf(min), Timestamps.DayOf(max));
    }

    static HashSet<int> Chosen(Dictionary<int, int> counts) =>
        [.. counts.OrderByDescending(day => day.Value).ThenBy(day => day.Key).Take(MaxDays).Select(day => day.Key)];

    static List<BatchPart> SplitByDay(List<BatchPart> whole, HashSet<int> chosen)
    {
        var parts = new List<BatchPart>();
        foreach (var (batch, _, _) in whole)
        {
            var rowsByDay = new Dictionary<int, List<int>>();
            var mixed = new List<int>();
            for (var row = 0; row < batch.Count; row++)
            {
                var day = Timestamps.DayOf(batch.Times[row]);
                if (!chosen.Contains(day))
                {
                    mixed.Add(row);
                }
                else if (rowsByDay.TryGetValue(day, out var rows))
                {
                    rows.Add(row);
                }
                else
                {
                    rowsByDay.Add(day, [row]);
                }
            }

            foreach (var (day, rows) in rowsByDay.OrderBy(day => day.Key))
            {
                parts.Add(new(batch, day, rows.Count == batch.Count ? null : [.. rows]));
            }

            if (mixed.Count > 0)
            {
                parts.Add(new(batch, null, mixed.Count == batch.Count ? null : [.. mixed]));
            }
        }

        return parts;
    }
}
