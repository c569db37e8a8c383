using System.Buffers;
using System.Text;

namespace Puppylog.Query.Filters.Text;

/// <summary>
/// Finds a text that every match of a regular expression contains, so that values without it need not be matched. Sees
/// only what is plain: the literal characters outside of groups; anything it does not know makes it give up.
/// </summary>
static class RequiredLiteral
{
    static readonly SearchValues<char> Counts = SearchValues.Create("0123456789,");

    const string Classes = "dDwWsSbBAzZntrfvae";

    /// <summary>The longest such text; empty where none is certain.</summary>
    public static string Of(string pattern) => AllOf(pattern).MaxBy(text => text.Length) ?? "";

    /// <summary>All such texts in the order in which they stand; none where none is certain.</summary>
    public static IReadOnlyList<string> AllOf(string pattern)
    {
        var all = new List<string>();
        var run = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var literal = false;
            switch (c)
            {
                case '|':
                    return [];
                case '(':
                    if (!TrySkipGroup(pattern, ref i))
                    {
                        return [];
                    }

                    break;
                case '[':
                    if (!TrySkipClass(pattern, ref i))
                    {
                        return [];
                    }

                    break;
                case '{':
                    var close = pattern.IndexOf('}', i);
                    if (close < 0 || pattern.AsSpan(i + 1, close - i - 1).ContainsAnyExcept(Counts))
                    {
                        return [];
                    }

                    i = close;
                    break;
                case '\\':
                    if (++i == pattern.Length || (char.IsAsciiLetterOrDigit(pattern[i]) && !Classes.Contains(pattern[i])) || pattern[i] > '~')
                    {
                        return [];
                    }

                    c = pattern[i];
                    literal = !char.IsAsciiLetterOrDigit(c);
                    break;
                case '.' or '^' or '$' or '*' or '+' or '?':
                    break;
                case '\uFFFD' or ')' or ']' or '}':
                    return [];
                default:
                    literal = true;
                    break;
            }

            var next = i + 1 < pattern.Length ? pattern[i + 1] : '\0';
            if (literal && next is not ('*' or '?' or '{'))
            {
                run.Append(c);
            }

            if (!literal || next is '*' or '?' or '{' or '+')
            {
                Take(run, all);
            }
        }

        Take(run, all);
        return all.Exists(text => text.Any(char.IsSurrogate)) ? [] : all;
    }

    static void Take(StringBuilder run, List<string> all)
    {
        if (run.Length > 0)
        {
            all.Add(run.ToString());
            run.Clear();
        }
    }

    static bool TrySkipGroup(string pattern, ref int i)
    {
        var depth = 0;
        for (; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    if (!TrySkipClass(pattern, ref i))
                    {
                        return false;
                    }

                    break;
                case '(':
                    // Options such as (?i) change what literals mean, (?#…) is no group.
                    if (i + 2 < pattern.Length && pattern[i + 1] == '?' && pattern[i + 2] is not (':' or '<' or 'P'))
                    {
                        return false;
                    }

                    depth++;
                    break;
                case ')':
                    if (--depth == 0)
                    {
                        return true;
                    }

                    break;
            }
        }

        return false;
    }

    static bool TrySkipClass(string pattern, ref int i)
    {
        i++;
        if (i < pattern.Length && pattern[i] == '^')
        {
            i++;
        }

        // A bracket that closes at once is a member of the class.
        for (var first = true; i < pattern.Length; i++, first = false)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    return false;
                case ']' when !first:
                    return true;
            }
        }

        return false;
    }
}
