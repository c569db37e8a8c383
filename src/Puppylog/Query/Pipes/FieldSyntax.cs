using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Puppylog.Query.Filters;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>Names, lists of names and counts, as all pipes write them.</summary>
static class FieldSyntax
{
    /// <summary>Words that mean something between names; a field of that name is quoted when it is printed.</summary>
    static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "as", "asc", "by", "desc", "filter", "hits", "if", "limit", "offset", "rank", "with", "and", "or", "not", "in",
    };

    /// <summary>A field's name: a bare word or a quoted string.</summary>
    public static string Name(TokenReader reader, string expected = "a field name")
    {
        if (reader.Current.Kind == TokenKind.Quoted || reader.Current.Kind == TokenKind.Word)
        {
            return reader.Next().Text;
        }

        throw reader.Expected(expected);
    }

    /// <summary><c>a, b</c>, without parentheses.</summary>
    public static ImmutableArray<string> Names(TokenReader reader)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        do
        {
            names.Add(Name(reader));
        }
        while (reader.TakeSymbol(','));
        return names.ToImmutable();
    }

    /// <summary><c>(a, b)</c> behind an optional <c>by</c>: fields that results are called by, hence under their own names.</summary>
    public static ImmutableArray<string> By(TokenReader reader)
    {
        var by = reader.TakeWord("by");
        if (!reader.TakeSymbol('('))
        {
            throw reader.Expected(by ? "'('" : "'by ('");
        }

        var names = Names(reader);
        Close(reader);
        return [.. names.Select(FieldResolver.Canonical)];
    }

    /// <summary>The parenthesis that ends a list of names.</summary>
    public static void Close(TokenReader reader)
    {
        if (!reader.TakeSymbol(')'))
        {
            throw reader.Expected("',' or ')'");
        }
    }

    /// <summary><c>a</c>, <c>a*</c> or <c>*</c>, several of them after commas.</summary>
    public static ImmutableArray<string> Patterns(TokenReader reader)
    {
        var patterns = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (reader.TakeSymbol('*'))
            {
                patterns.Add("*");
                continue;
            }

            var name = Name(reader, "a field name or *");
            if (reader.Current is { AfterSpace: false } && reader.TakeSymbol('*'))
            {
                name += "*";
            }

            patterns.Add(name);
        }
        while (reader.TakeSymbol(','));
        return patterns.ToImmutable();
    }

    /// <summary>A number of rows: <c>10</c>, <c>1_000</c>.</summary>
    public static long Count(TokenReader reader, string expected = "a number of rows")
    {
        var text = reader.Current.Kind == TokenKind.Word ? reader.Current.Text.Replace("_", "", StringComparison.Ordinal) : "";
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            throw reader.Expected(expected);
        }

        reader.Next();
        return count;
    }

    /// <summary>True where a pipe ends: at the next <c>|</c>, a closing parenthesis or the end.</summary>
    public static bool AtEnd(TokenReader reader) =>
        reader.Current.Kind == TokenKind.End || reader.Current.IsSymbol('|') || reader.Current.IsSymbol(')');

    public static string Print(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    public static string PrintPatterns(IEnumerable<string> patterns) =>
        string.Join(", ", patterns.Select(pattern => pattern == "*" ? "*" : pattern.EndsWith('*') ? Quote(pattern[..^1]) + "*" : Quote(pattern)));

    /// <summary>The name bare where that is read back as the same name, else in quotes.</summary>
    public static string Quote(string name)
    {
        if (name.Length > 0 && name[0] != '-' && !Keywords.Contains(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or '@'))
        {
            return name;
        }

        var text = new StringBuilder("\"");
        foreach (var c in name)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}
