namespace Puppylog.Processing.Redaction;

/// <summary>Finds runs of bytes of one class that have a least length, by looking at every so-many-th byte only.</summary>
static class Runs
{
    /// <summary>The next run of at least <paramref name="least"/> bytes that begins at or after <paramref name="from"/>; false where there is none.</summary>
    public static bool TryNext(ReadOnlySpan<byte> text, int from, ReadOnlySpan<bool> isMember, int least, out int start, out int end)
    {
        for (var at = from + least - 1; at < text.Length; at += least)
        {
            if (!isMember[text[at]])
            {
                continue;
            }

            start = at;
            while (start > from && isMember[text[start - 1]])
            {
                start--;
            }

            end = at + 1;
            while (end < text.Length && isMember[text[end]])
            {
                end++;
            }

            if (end - start >= least)
            {
                return true;
            }

            at = end;
        }

        start = end = text.Length;
        return false;
    }

    public static bool[] Members(string ascii)
    {
        var members = new bool[256];
        foreach (var c in ascii)
        {
            members[c] = true;
        }

        return members;
    }
}
