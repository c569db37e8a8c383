namespace Puppylog.Processing.Redaction;

/// <summary>Keeps a rewritten line readable to parsers: an escape of JSON is replaced whole or not at all.</summary>
static class EscapeEdges
{
    const int LongestEscape = 6;

    /// <summary>Moves the ends of a match out of escapes: more is replaced rather than less, but for the backslash before a quote that ends a value.</summary>
    public static (int Start, int End) Snap(ReadOnlySpan<byte> text, int start, int end)
    {
        if (EscapeAround(text, start) is var (first, _))
        {
            start = first;
        }

        if (EscapeAround(text, end) is var (last, after))
        {
            end = text[last + 1] is (byte)'"' or (byte)'\'' && last > start ? last : after;
        }

        return (start, end);
    }

    /// <summary>The escape that begins before the place and ends after it; null where there is none.</summary>
    static (int Start, int End)? EscapeAround(ReadOnlySpan<byte> text, int at)
    {
        for (var start = at - 1; start >= 0 && at - start < LongestEscape; start--)
        {
            if (text[start] == '\\' && start + 1 < text.Length && IsEscaping(text, start))
            {
                var length = text[start + 1] == 'u' ? 6 : text[start + 1] == 'x' ? 4 : 2;
                return start + length > at && text[start + 1] != '\n' ? (start, Math.Min(text.Length, start + length)) : null;
            }
        }

        return null;
    }

    /// <summary>True where the backslash is not itself behind one that escapes it.</summary>
    static bool IsEscaping(ReadOnlySpan<byte> text, int at)
    {
        var before = text[..at];
        return ((before.Length - before.TrimEnd((byte)'\\').Length) & 1) == 0;
    }
}
