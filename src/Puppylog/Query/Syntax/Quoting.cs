using System.Globalization;
using System.Text;

namespace Puppylog.Query.Syntax;

/// <summary>Writes names and values so that <see cref="TokenReader"/> reads them back.</summary>
static class Quoting
{
    /// <summary>The text as a bare word where that is unmistakable, else in double quotes.</summary>
    public static string Word(string text) => IsPlain(text) ? text : Always(text);

    /// <summary>The text in double quotes.</summary>
    public static string Always(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\': quoted.Append('\\').Append(c); break;
                case '\n': quoted.Append("\\n"); break;
                case '\t': quoted.Append("\\t"); break;
                case '\r': quoted.Append("\\r"); break;
                case < ' ' or '\x7f': quoted.Append("\\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)); break;
                default: quoted.Append(c); break;
            }
        }

        return quoted.Append('"').ToString();
    }

    static bool IsPlain(string text)
    {
        if (text.Length == 0 || text[0] == '-' || text.ToLowerInvariant() is "and" or "or" or "not" or "offset")
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/'))
            {
                return false;
            }
        }

        return true;
    }
}
