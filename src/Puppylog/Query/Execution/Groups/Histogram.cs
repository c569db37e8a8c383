namespace Puppylog.Query.Execution.Groups;

/// <summary>Counts small numbers.</summary>
static class Histogram
{
    /// <summary>Up to so many counters there are four of each, so that runs of one number do not wait for themselves.</summary>
    const int MaxFourfold = 1 << 10;

    /// <param name="numbers">From 0 on.</param>
    /// <param name="counts">How often each came; overwritten.</param>
    public static void Count(ReadOnlySpan<int> numbers, Span<int> counts)
    {
        counts.Clear();
        var i = 0;
        if (counts.Length <= MaxFourfold)
        {
            Span<int> others = stackalloc int[counts.Length * 3];
            others.Clear();
            var second = others[..counts.Length];
            var third = others.Slice(counts.Length, counts.Length);
            var fourth = others[(counts.Length * 2)..];
            for (; i <= numbers.Length - 4; i += 4)
            {
                counts[numbers[i]]++;
                second[numbers[i + 1]]++;
                third[numbers[i + 2]]++;
                fourth[numbers[i + 3]]++;
            }

            Add(counts, second, third, fourth);
        }

        for (; i < numbers.Length; i++)
        {
            counts[numbers[i]]++;
        }
    }

    /// <param name="codes">From 0 on.</param>
    /// <param name="counts">How often each came; overwritten.</param>
    public static void Count(ReadOnlySpan<ushort> codes, Span<int> counts)
    {
        counts.Clear();
        var i = 0;
        if (counts.Length <= MaxFourfold)
        {
            Span<int> others = stackalloc int[counts.Length * 3];
            others.Clear();
            var second = others[..counts.Length];
            var third = others.Slice(counts.Length, counts.Length);
            var fourth = others[(counts.Length * 2)..];
            for (; i <= codes.Length - 4; i += 4)
            {
                counts[codes[i]]++;
                second[codes[i + 1]]++;
                third[codes[i + 2]]++;
                fourth[codes[i + 3]]++;
            }

            Add(counts, second, third, fourth);
        }

        for (; i < codes.Length; i++)
        {
            counts[codes[i]]++;
        }
    }

    static void Add(Span<int> counts, ReadOnlySpan<int> second, ReadOnlySpan<int> third, ReadOnlySpan<int> fourth)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += second[i] + third[i] + fourth[i];
        }
    }
}
