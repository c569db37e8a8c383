using System.Globalization;

namespace Puppylog.Query.Filters.Automata;

/// <summary>Reads <c>[a-z\d]</c>, <c>\w</c> and escaped characters.</summary>
static class ClassParser
{
    /// <summary>Reads what follows the opening bracket, the closing one included; false where it is left to the framework.</summary>
    public static bool TryParse(string text, ref int at, bool ignoreCase, out CharacterSet set)
    {
        set = new CharacterSet();
        var isNegated = at < text.Length && text[at] == '^';
        if (isNegated)
        {
            at++;
        }

        for (var start = at; at < text.Length;)
        {
            if (text[at] == ']' && at > start)
            {
                at++;
                if (ignoreCase)
                {
                    set = set.IgnoringCase();
                }

                set = isNegated ? set.Negated() : set;
                return true;
            }

            if (text[at] == '\\' && at + 1 < text.Length)
            {
                var escape = at + 1;
                if (TryShorthand(text, ref escape, ignoreCase, out var shorthand))
                {
                    at = escape;
                    set.Add(shorthand);
                    if (IsRange(text, at))
                    {
                        return false;
                    }

                    continue;
                }
            }

            if (!TryMember(text, ref at, start, out var first))
            {
                return false;
            }

            var last = first;
            if (IsRange(text, at))
            {
                at++;
                if (text[at] == '[' || !TryMember(text, ref at, start, out last) || last < first || IsRange(text, at))
                {
                    return false;
                }
            }

            if (ignoreCase && !char.IsAscii(last))
            {
                return false;
            }

            set.Add(first, last);
        }

        return false;
    }

    /// <summary>Reads what follows the backslash of <c>\d \D \w \W \s \S \p{L} \P{L}</c>.</summary>
    public static bool TryShorthand(string text, ref int at, bool ignoreCase, out CharacterSet set)
    {
        set = null!;
        if (at == text.Length)
        {
            return false;
        }

        switch (text[at])
        {
            case 'd' or 'D':
                set = CharacterSet.OfAscii(char.IsAsciiDigit);
                break;
            case 'w' or 'W':
                set = CharacterSet.OfAscii(c => char.IsAsciiLetterOrDigit(c) || c == '_');
                break;
            case 's' or 'S':
                set = Spaces();
                break;
            case 'p' or 'P' when !ignoreCase:
                var close = text.IndexOf('}', at);
                if (close < 0 || text[at + 1] != '{' || !TryCategory(text[(at + 2)..close], out set))
                {
                    return false;
                }

                set = text[at] == 'P' ? set.Negated() : set;
                at = close + 1;
                return true;
            default:
                return false;
        }

        if (char.IsUpper(text[at]))
        {
            set = set.Negated();
        }

        at++;
        return true;
    }

    /// <summary>Reads what follows the backslash of an escaped character outside of a class.</summary>
    public static bool TryEscaped(string text, ref int at, out char c)
    {
        c = text[at++];
        switch (c)
        {
            case 't': c = '\t'; return true;
            case 'n': c = '\n'; return true;
            case 'r': c = '\r'; return true;
            case 'f': c = '\f'; return true;
            case 'v': c = '\v'; return true;
            case 'a': c = '\a'; return true;
            case 'e': c = '\u001B'; return true;
            case 'x': return TryHex(text, ref at, 2, out c);
            case 'u': return TryHex(text, ref at, 4, out c);
            default: return char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c);
        }
    }

    /// <summary>True where a hyphen follows that is neither the last member nor the first of what is taken away.</summary>
    static bool IsRange(string text, int at) => at + 1 < text.Length && text[at] == '-' && text[at + 1] != ']';

    static bool TryMember(string text, ref int at, int start, out char c)
    {
        c = default;
        if (at == text.Length)
        {
            return false;
        }

        c = text[at++];
        switch (c)
        {
            case '\\' when at < text.Length && text[at] == 'b':
                at++;
                c = '\b';
                return true;
            case '\\':
                return at < text.Length && TryEscaped(text, ref at, out c);
            case '[':
                return false;
            case '-':
                // Elsewhere than at the ends what it means is not plain.
                return at - 1 == start || (at < text.Length && text[at] == ']');
            default:
                return !char.IsSurrogate(c);
        }
    }

    static bool TryHex(string text, ref int at, int digits, out char c)
    {
        c = default;
        if (at + digits > text.Length
            || !ushort.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return false;
        }

        at += digits;
        c = (char)code;
        return true;
    }

    /// <summary>Those of <see cref="char.IsWhiteSpace(char)"/>; there are few.</summary>
    static CharacterSet Spaces()
    {
        var set = new CharacterSet();
        foreach (var (first, last) in (ReadOnlySpan<(int, int)>)[(9, 13), (32, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)])
        {
            set.Add(first, last);
        }

        return set;
    }

    static bool TryCategory(string name, out CharacterSet set)
    {
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Pc", "Pd",
            "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
        ];
        var isKnown = name.Length is 1 or 2 && Array.Exists(names, known => known.StartsWith(name, StringComparison.Ordinal));
        set = isKnown ? CharacterSet.OfAscii(c => names[(int)char.GetUnicodeCategory(c)].StartsWith(name, StringComparison.Ordinal)) : null!;
        return isKnown;
    }
}
