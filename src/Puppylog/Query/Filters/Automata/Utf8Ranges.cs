namespace Puppylog.Query.Filters.Automata;

/// <summary>Ranges of characters as sequences of ranges of UTF-8 bytes.</summary>
/// <remarks>As in RE2 and in Russ Cox, "Regular Expression Matching in the Wild" (2010), step 3.</remarks>
static class Utf8Ranges
{
    /// <summary>Gives the sequences that together are the characters, none of them a surrogate or beyond U+FFFF.</summary>
    public static void Split(int first, int last, Action<(byte First, byte Last)[]> take)
    {
        if (first > last)
        {
            return;
        }

        foreach (var limit in (ReadOnlySpan<int>)[0x7F, 0x7FF])
        {
            if (first <= limit && last > limit)
            {
                Split(first, limit, take);
                Split(limit + 1, last, take);
                return;
            }
        }

        var length = first <= 0x7F ? 1 : first <= 0x7FF ? 2 : 3;
        for (var i = 1; i < length; i++)
        {
            var low = (1 << (6 * i)) - 1;
            if ((first & ~low) == (last & ~low))
            {
                continue;
            }

            if ((first & low) != 0)
            {
                Split(first, first | low, take);
                Split((first | low) + 1, last, take);
                return;
            }

            if ((last & low) != low)
            {
                Split(first, (last & ~low) - 1, take);
                Split(last & ~low, last, take);
                return;
            }
        }

        var sequence = new (byte, byte)[length];
        for (var i = 0; i < length; i++)
        {
            sequence[i] = (Byte(first, i, length), Byte(last, i, length));
        }

        take(sequence);
    }

    static byte Byte(int character, int index, int length)
    {
        if (length == 1)
        {
            return (byte)character;
        }

        var bits = character >> (6 * (length - 1 - index));
        return (byte)(index > 0 ? 0x80 | (bits & 0x3F) : (length == 2 ? 0xC0 : 0xE0) | bits);
    }
}
