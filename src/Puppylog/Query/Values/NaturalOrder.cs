namespace Puppylog.Query.Values;

/// <summary>
/// The order of <c>sort</c>, <c>min</c> and <c>max</c>: by <see cref="SortKey"/>; of two texts, runs of digits compare as
/// numbers (<c>host9</c> before <c>host10</c>) and everything else by its bytes.
/// </summary>
static class NaturalOrder
{
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => Compare(SortKey.Of(a), a, SortKey.Of(b), b);

    public static int Compare(in SortKey keyA, ReadOnlySpan<byte> a, in SortKey keyB, ReadOnlySpan<byte> b)
    {
        var order = keyA.CompareTo(keyB);
        return order != 0 ? order : keyA.IsText ? CompareTexts(a, b) : a.SequenceCompareTo(b);
    }

    public static int CompareTexts(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var i = 0;
        var j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (IsDigit(a[i]) && IsDigit(b[j]))
            {
                var first = Digits(a, ref i);
                var second = Digits(b, ref j);
                var order = first.Length != second.Length ? first.Length.CompareTo(second.Length) : first.SequenceCompareTo(second);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                i++;
                j++;
            }
        }

        var rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : a.SequenceCompareTo(b);
    }

    static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>The run of digits without its leading zeros; moves behind it.</summary>
    static ReadOnlySpan<byte> Digits(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] == '0')
        {
            at++;
        }

        var start = at;
        while (at < text.Length && IsDigit(text[at]))
        {
            at++;
        }

        return text[start..at];
    }
}
