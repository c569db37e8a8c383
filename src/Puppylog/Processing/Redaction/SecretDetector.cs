using System.Buffers;
using System.Text;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// Keys and passwords: the values of <see cref="SecretNames"/> in JSON, queries of URLs and <c>name=value</c>, and the
/// password of <c>scheme://user:password@host</c>. Names and users stay.
/// </summary>
sealed class SecretDetector : Detector
{
    static readonly SearchValues<byte> BareEnd = SearchValues.Create(" \t\r\n\0&,;\"'`)}]<>|"u8);
    static readonly SearchValues<byte> AuthorityEnd = SearchValues.Create("/ \t\r\n\0\"'`<>{}|"u8);
    static readonly SearchValues<byte> QuotedEnd = SearchValues.Create("\"\\\n"u8);
    static readonly SearchValues<byte> SingleEnd = SearchValues.Create("'\\\n"u8);

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        var from = 0;
        while (text[from..].IndexOfAny((byte)'=', (byte)':') is >= 0 and var next)
        {
            var at = from + next;
            from = at + 1;
            if (text[at] == ':' && text[from..].StartsWith("//"u8))
            {
                from = FindPassword(text, at + 3, places);
            }
            else if (at > 0 && FindValue(text, at, out var start, out var end))
            {
                places.Add((start, end));
                from = end;
            }
        }
    }

    /// <summary>Looks into an authority; returns where to go on.</summary>
    static int FindPassword(ReadOnlySpan<byte> text, int start, List<(int Start, int End)> places)
    {
        var length = text[start..].IndexOfAny(AuthorityEnd);
        var authority = length < 0 ? text[start..] : text.Slice(start, length);
        var host = authority.LastIndexOf((byte)'@');
        if (host <= 0 || authority[..host].IndexOf((byte)':') is not (>= 0 and var colon) || colon + 1 == host)
        {
            return start;
        }

        places.Add((start + colon + 1, start + host));
        return start + host;
    }

    static bool FindValue(ReadOnlySpan<byte> text, int at, out int start, out int end)
    {
        (start, end) = (0, 0);
        var nameEnd = at;
        if (text[nameEnd - 1] == ' ' && nameEnd > 1)
        {
            nameEnd--;
        }

        var isQuoted = text[nameEnd - 1] is (byte)'"' or (byte)'\'';
        nameEnd -= isQuoted ? 1 : 0;
        if (nameEnd == 0 || !SecretNames.MayEndWith(text[nameEnd - 1]))
        {
            return false;
        }

        var nameStart = nameEnd;
        while (nameStart > 0 && nameEnd - nameStart < SecretNames.Longest && (IsWord(text[nameStart - 1]) || text[nameStart - 1] is (byte)'-' or (byte)'.'))
        {
            nameStart--;
        }

        var strength = SecretNames.Strength(text[nameStart..nameEnd]);
        return strength > 0 && FindValueEnd(text, at, isQuoted, strength, out start, out end);
    }

    static bool FindValueEnd(ReadOnlySpan<byte> text, int at, bool isQuoted, int strength, out int start, out int end)
    {
        start = at + 1;
        while (start < text.Length && text[start] is (byte)' ' or (byte)'\t' && start - at < 9)
        {
            start++;
        }

        end = start;
        if (start == text.Length)
        {
            return false;
        }

        if (text[start] is (byte)'"' or (byte)'\'')
        {
            end = QuotedValueEnd(text, start + 1, text[start] == '"' ? QuotedEnd : SingleEnd);
            start++;
            return end > start;
        }

        // A sentence has words after a colon, and blanks after an equals sign are none of name=value.
        var isBare = text[at] == '=' ? start == at + 1 : isQuoted || strength > 1;
        if (!isBare)
        {
            return false;
        }

        var length = text[start..].IndexOfAny(BareEnd);
        end = length < 0 ? text.Length : start + length;
        if (IsScheme(text[start..end]) && end < text.Length && text[end] == ' ')
        {
            length = text[(end + 1)..].IndexOfAny(BareEnd);
            end = length < 0 ? text.Length : end + 1 + length;
        }

        return text[start..end] is not ([] or [(byte)'{' or (byte)'[', ..]) && !IsConstant(text[start..end]);
    }

    static int QuotedValueEnd(ReadOnlySpan<byte> text, int at, SearchValues<byte> ends)
    {
        while (text[at..].IndexOfAny(ends) is >= 0 and var next)
        {
            at += next;
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                return at;
            }

            at = text[at + 1] == '\n' ? at + 1 : at + 2;
        }

        return text.Length;
    }

    /// <summary><c>authorization=Bearer TOKEN</c>.</summary>
    static bool IsScheme(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "bearer"u8) || Ascii.EqualsIgnoreCase(value, "basic"u8);

    static bool IsConstant(ReadOnlySpan<byte> value) => value.SequenceEqual("null"u8) || value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8);
}
