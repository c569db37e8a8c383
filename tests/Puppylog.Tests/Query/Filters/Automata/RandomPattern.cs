using System.Text;

namespace Puppylog.Tests.Query.Filters.Automata;

/// <summary>Random regular expressions of the framework's syntax, and texts that some of them match.</summary>
static class RandomPattern
{
    static readonly string[] Atoms =
    [
        "a", "b", "k", "1", " ", "/", "-", "_", "é", "☃", "я", "\\n", ".", ".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "[ab]", "[^a]", "[a-k]", "[^é]", "[à-я]",
        "[]a]", "[\\d_]", "[^\\s/]", "[\\w-]", "^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\.", "\\x61", "\\u00e9", "\\p{Lu}", "\\P{L}", "\\uFFFD", "ab", "a1", "\\t",
    ];

    static readonly string[] Pieces =
        ["a", "b", "A", "k", "K", "\u212A", "ab", "1", " ", "/", "-", "_", "é", "É", "☃", "я", "\n", "😀", "\uFFFD", "\r", "\u00A0", "İ", "ı", "ſ", ".", "\t"];

    public static string Next(Random random, int depth)
    {
        var text = new StringBuilder();
        if (depth == 3)
        {
            text.Append(random.Next(8) switch { 0 => "(?i)", 1 => "(?-s)", 2 => "^", _ => "" });
        }

        for (var parts = random.Next(1, 4); parts > 0; parts--)
        {
            var atom = depth == 0 || random.Next(3) > 0 ? Atoms[random.Next(Atoms.Length)] : Group(random, depth);
            text.Append(atom);
            if (atom is not ("^" or "$" or "\\b" or "\\B" or "\\A" or "\\z" or "\\Z"))
            {
                text.Append(random.Next(12) switch { 0 => "*", 1 => "+", 2 => "?", 3 => "{2}", 4 => "{0,2}", 5 => "{1,}", 6 => "*?", _ => "" });
            }
        }

        return text.ToString();
    }

    public static byte[] Text(Random random)
    {
        var text = new StringBuilder();
        for (var pieces = random.Next(9); pieces > 0; pieces--)
        {
            text.Append(Pieces[random.Next(random.Next(2) == 0 ? 10 : Pieces.Length)]);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (bytes.Length > 0 && random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes.Length > 0 && random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    static string Group(Random random, int depth)
    {
        var open = random.Next(6) switch { 0 => "(?:", 1 => "(?<n>", 2 => "(?i:", 3 => "(?-s:", _ => "(" };
        var inner = Next(random, depth - 1);
        return $"{open}{inner}{(random.Next(2) == 0 ? "|" + Next(random, depth - 1) : "")}{(random.Next(9) == 0 ? "|" : "")})";
    }
}
