namespace Puppylog.Processing.Redaction;

/// <summary>
/// Numbers of payment cards: the leading digits and the length of a network, the check digit of Luhn (ISO/IEC 7812-1), no
/// letter or digit beside them; in one piece or in the groups in which cards print them, with blanks or dashes between.
/// </summary>
sealed class CardDetector : Detector
{
    const int Least = 13;
    const int Most = 19;

    static readonly Runs Numbers = new(withHex: false, ' ', '-');
    static readonly int[][] Groupings = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]];

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var from = 0;
        while (Numbers.TryNext(text, from, Least, out var start, out var end))
        {
            FindInRun(text, start, end, places);
            from = end;
        }
    }

    public override int WriteCanonical(ReadOnlySpan<byte> match, Span<byte> target) => Digits(match, target);

    static void FindInRun(ReadOnlySpan<byte> text, int at, int end, List<(int Start, int End)> places)
    {
        while (at < end)
        {
            if (!IsDigit(text[at]))
            {
                at++;
                continue;
            }

            var group = GroupLength(text, at, end);
            var length = group >= Least ? group : GroupedLength(text[at..end]);
            if (length > 0 && StandsAlone(text, at, at + length) && IsCard(text.Slice(at, length)))
            {
                places.Add((at, at + length));
                at += length;
            }
            else
            {
                at += group;
            }
        }
    }

    static int GroupLength(ReadOnlySpan<byte> text, int at, int end)
    {
        var length = 1;
        while (at + length < end && IsDigit(text[at + length]))
        {
            length++;
        }

        return length;
    }

    /// <summary>Bytes of the longest printed grouping that it begins with; 0 where it begins with none.</summary>
    static int GroupedLength(ReadOnlySpan<byte> run)
    {
        var longest = 0;
        foreach (var grouping in Groupings)
        {
            var at = 0;
            var fits = run.Length > 4;
            for (var i = 0; i < grouping.Length && fits; i++)
            {
                if (i > 0)
                {
                    fits = at < run.Length && run[at++] == run[4];
                }

                fits = fits && at + grouping[i] <= run.Length && GroupLength(run, at, Math.Min(run.Length, at + grouping[i] + 1)) == grouping[i] && IsDigit(run[at]);
                at += grouping[i];
            }

            longest = fits ? Math.Max(longest, at) : longest;
        }

        return longest;
    }

    static bool StandsAlone(ReadOnlySpan<byte> text, int start, int end)
    {
        var before = start > 0 ? text[start - 1] : (byte)' ';
        var after = end < text.Length ? text[end] : (byte)' ';
        return !IsWord(before) && !IsWord(after)
            && !(before is (byte)'.' or (byte)'-' && start > 1 && IsWord(text[start - 2]))
            && !(after is (byte)'.' or (byte)'-' && end + 1 < text.Length && IsDigit(text[end + 1]));
    }

    static bool IsCard(ReadOnlySpan<byte> match)
    {
        Span<byte> digits = stackalloc byte[Most];
        var count = Digits(match, digits);
        return count >= Least && IsOfNetwork(digits[..count]) && HasLuhn(digits[..count]);
    }

    static int Digits(ReadOnlySpan<byte> match, Span<byte> target)
    {
        var count = 0;
        foreach (var b in match)
        {
            if (IsDigit(b))
            {
                if (count == Most)
                {
                    return 0;
                }

                target[count++] = b;
            }
        }

        return count;
    }

    static bool IsOfNetwork(ReadOnlySpan<byte> digits)
    {
        var first = 0;
        for (var i = 0; i < 4; i++)
        {
            first = (first * 10) + digits[i] - '0';
        }

        return (first / 100, first, digits.Length) switch
        {
            ( >= 40 and <= 49, _, 13 or 16 or 19) => true, // Visa
            ( >= 51 and <= 55, _, 16) => true, // Mastercard
            (_, >= 2221 and <= 2720, 16) => true,
            (34 or 37, _, 15) => true, // American Express
            (36 or 38 or 39, _, >= 14 and <= 19) => true, // Diners
            (30, >= 3000 and <= 3059, >= 14 and <= 19) => true,
            (35, >= 3528 and <= 3589, >= 16) => true, // JCB
            (60 or 64 or 65, _, >= 16) => true, // Discover
            (62 or 81, _, >= 16) => true, // UnionPay
            (50 or >= 56 and <= 69, _, >= 13) => true, // Maestro
            _ => false,
        };
    }

    static bool HasLuhn(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            digit = (i & 1) == 0 ? digit : digit * 2;
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }
}
