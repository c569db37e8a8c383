using System.Buffers;
using System.Numerics;
using Puppylog.Records;

namespace Puppylog.Metrics;

/// <summary>
/// Overlapping sets of rows taken apart into disjoint ones, as <c>status:&gt;=300</c> lies within <c>status:&gt;=200</c>: each row is
/// then counted once for all filters that it matches, and what it gave is written once.
/// </summary>
static class DisjointRows
{
    /// <summary>Steps a row of the block that taking apart may cost.</summary>
    const int MostSteps = 32;

    /// <summary>The disjoint sets, with the filters of each; null where the sets are disjoint, or would become more than they are.</summary>
    /// <param name="sets">None empty.</param>
    /// <param name="rows">Of the block.</param>
    public static List<RowSet>? Of(IReadOnlyCollection<RowSet> sets, int rows)
    {
        // Those within others come after them, so that few parts are emptied again.
        var ordered = new List<RowSet>(sets);
        ordered.Sort(static (a, b) => a.Size != b.Size ? b.Size.CompareTo(a.Size) : a.Filters[0].Number.CompareTo(b.Filters[0].Number));
        var members = 0L;
        foreach (var set in ordered)
        {
            members += set.Size;
        }

        if (members == Union(ordered, rows) || members > (long)rows * MostSteps)
        {
            return null;
        }

        var codes = ArrayPool<int>.Shared.Rent(rows);
        codes.AsSpan(0, rows).Clear();
        try
        {
            return Split(ordered, codes, out var parts) ? Parts(codes.AsSpan(0, rows), parts, ordered) : null;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(codes);
        }
    }

    /// <summary>Gives each row the number of its part; 0 is in no set. False where that would be more parts than sets.</summary>
    static bool Split(List<RowSet> sets, int[] codes, out List<Part> parts)
    {
        parts = [new() { Parent = -1, Set = -1, Rows = int.MaxValue }];
        var used = 0;
        for (var set = 0; set < sets.Count; set++)
        {
            var known = parts.Count;
            // What a row's part becomes where the row is in this set.
            Span<int> within = new int[known];
            var words = sets[set].Rows.Words;
            for (var i = 0; i < words.Length; i++)
            {
                for (var word = words[i]; word != 0; word &= word - 1)
                {
                    ref var code = ref codes[(i << 6) + BitOperations.TrailingZeroCount(word)];
                    if (within[code] == 0)
                    {
                        within[code] = parts.Count;
                        parts.Add(new() { Parent = code, Set = set });
                        used++;
                    }

                    parts[code].Rows--;
                    used -= parts[code].Rows == 0 ? 1 : 0;
                    code = within[code];
                    parts[code].Rows++;
                }
            }

            if (parts.Count > 4 * sets.Count)
            {
                return false;
            }
        }

        return used <= sets.Count;
    }

    static List<RowSet> Parts(ReadOnlySpan<int> codes, List<Part> parts, List<RowSet> sets)
    {
        var bitmaps = new RowBitmap?[parts.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] > 0)
            {
                (bitmaps[codes[row]] ??= new(codes.Length))[row] = true;
            }
        }

        var apart = new List<RowSet>();
        for (var code = 0; code < bitmaps.Length; code++)
        {
            if (bitmaps[code] is { } rows)
            {
                List<FilterPlan> all = [];
                for (var part = parts[code]; part.Set >= 0; part = parts[part.Parent])
                {
                    all.AddRange(sets[part.Set].Filters);
                }

                all.Sort(static (a, b) => a.Number.CompareTo(b.Number));
                apart.Add(new(rows, all));
            }
        }

        return apart;
    }

    static int Union(List<RowSet> sets, int rows)
    {
        var union = new RowBitmap(rows);
        foreach (var set in sets)
        {
            union.Or(set.Rows);
        }

        return union.CountSet();
    }

    /// <summary>Rows that are in the same sets.</summary>
    sealed class Part
    {
        /// <summary>The part that they were in before the last of these sets was looked at.</summary>
        public required int Parent { get; init; }

        /// <summary>The last set.</summary>
        public required int Set { get; init; }

        public int Rows { get; set; }
    }
}
