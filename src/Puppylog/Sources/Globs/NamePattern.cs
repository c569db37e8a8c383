using System.Text;
using System.Text.RegularExpressions;

namespace Puppylog.Sources.Globs;

/// <summary>
/// A pattern for one name of a path, as shells have it (glob(7)): <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>,
/// <c>{this,that}</c>, and a backslash before a character that is meant itself. A dot at the beginning is matched by a dot only.
/// </summary>
sealed class NamePattern
{
    readonly Regex? _regex;
    readonly string _literal;

    /// <param name="literal">The name, or the pattern as it was written.</param>
    NamePattern(string literal, Regex? regex)
    {
        _literal = literal;
        _regex = regex;
    }

    /// <summary>True where it matches one name only: <see cref="Literal"/>.</summary>
    public bool IsLiteral => _regex is null;

    public string Literal => _literal;

    /// <summary>True for a text that is more than itself as a pattern.</summary>
    public static bool HasWildcards(string text) => text.AsSpan().IndexOfAny("*?[{") >= 0;

    /// <exception cref="FormatException">A bracket or a brace is not closed.</exception>
    public static NamePattern Parse(string text)
    {
        if (!HasWildcards(text))
        {
            return new(text.Replace("\\", "", StringComparison.Ordinal), null);
        }

        var expression = new StringBuilder(@"\A");
        var braces = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '*':
                    expression.Append(".*");
                    break;
                case '?':
                    expression.Append('.');
                    break;
                case '[':
                    i = AppendSet(text, i, expression);
                    break;
                case '{':
                    braces++;
                    expression.Append("(?:");
                    break;
                case '}' when braces > 0:
                    braces--;
                    expression.Append(')');
                    break;
                case ',' when braces > 0:
                    expression.Append('|');
                    break;
                case '\\' when i + 1 < text.Length:
                    expression.Append(Regex.Escape(text[++i].ToString()));
                    break;
                default:
                    expression.Append(Regex.Escape(text[i].ToString()));
                    break;
            }
        }

        if (braces > 0)
        {
            throw new FormatException($"the brace in '{text}' is not closed");
        }

        return new(text, new Regex(expression.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant));
    }

    public bool IsMatch(ReadOnlySpan<char> name) =>
        _regex is null ? name.SequenceEqual(_literal) : !(name is ['.', ..] && _literal[0] != '.') && _regex.IsMatch(name);

    /// <summary>Appends the set that begins at a bracket; returns the place of the closing one.</summary>
    static int AppendSet(string text, int open, StringBuilder expression)
    {
        var at = open + 1;
        var isNegated = at < text.Length && text[at] is '!' or '^';
        at += isNegated ? 1 : 0;
        // A bracket that comes first is one of the set.
        var close = at + 1 < text.Length ? text.IndexOf(']', at + 1) : -1;
        if (close < 0)
        {
            throw new FormatException($"the bracket in '{text}' is not closed; write \\[ for a bracket that is meant itself");
        }

        expression.Append(isNegated ? "[^" : "[");
        foreach (var character in text[at..close])
        {
            expression.Append(character is '-' ? "-" : Regex.Escape(character.ToString()).Replace("]", @"\]", StringComparison.Ordinal));
        }

        expression.Append(']');
        return close;
    }
}
