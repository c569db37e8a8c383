using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Puppylog.Tests.Query.Filters;

/// <summary>A random filter as LogsQL beside its plain meaning on strings, written without the code under test.</summary>
sealed record OracleFilter(string Query, Func<IReadOnlyDictionary<string, string>, bool> Matches)
{
    static readonly string[] Fragments =
        ["a", "b", "ab", "aB", "é", "éa", "1", "12", "0", "-5", "500", " ", "-", "_", "/", "a/b", "a b", "b-1", "☃", "200", "Oct", "10", "x.y", "\""];

    /// <summary>Values made of few pieces, so that filters find some.</summary>
    public static string Value(Random random)
    {
        var text = new StringBuilder();
        for (var pieces = random.Next(5); pieces > 0; pieces--)
        {
            text.Append(Fragments[random.Next(Fragments.Length)]);
        }

        return text.ToString();
    }

    public static OracleFilter Random(Random random, string[] fields, int depth)
    {
        switch (depth == 0 ? 9 : random.Next(10))
        {
            case 0 or 1:
                var (left, right) = (Random(random, fields, depth - 1), Random(random, fields, depth - 1));
                return new($"({left.Query}) {(random.Next(2) == 0 ? "and " : "")}({right.Query})", row => left.Matches(row) && right.Matches(row));
            case 2 or 3:
                var (one, other) = (Random(random, fields, depth - 1), Random(random, fields, depth - 1));
                return new($"{one.Query} or {other.Query}", row => one.Matches(row) || other.Matches(row));
            case 4:
                var inner = Random(random, fields, depth - 1);
                return new($"{(random.Next(2) == 0 ? "!" : "not ")}({inner.Query})", row => !inner.Matches(row));
            default:
                var field = fields[random.Next(fields.Length)];
                var (query, matches) = Leaf(random);
                return new($"{field}:{query}", row => matches(row.GetValueOrDefault(field, "")));
        }
    }

    static (string Query, Func<string, bool> Matches) Leaf(Random random)
    {
        var text = Value(random);
        var quoted = Quoted(text);
        var number = random.Next(-20, 20);
        switch (random.Next(14))
        {
            case 0 or 1: return (quoted, value => text.Length == 0 ? value.Length == 0 : Find(value, text, true, true) >= 0);
            case 2: return (quoted + "*", value => text.Length == 0 ? value.Length > 0 : Find(value, text, true, false) >= 0);
            case 3 when text.Length > 0: return ($"*{quoted}*", value => value.Contains(text, StringComparison.Ordinal));
            case 4: return ("=" + quoted, value => value == text);
            case 5: return ($"={quoted}*", value => value.StartsWith(text, StringComparison.Ordinal));
            case 6:
                var set = new[] { text, Value(random), Value(random) };
                return ($"in({string.Join(',', set.Select(Quoted))})", value => set.Contains(value));
            case 7: return ("*", value => value.Length > 0);
            case 8:
                var folded = text.ToLowerInvariant();
                return ($"i({quoted})", value => text.Length == 0 ? value.Length == 0 : Find(value.ToLowerInvariant(), folded, true, true) >= 0);
            case 9: return ($">{number}", value => TryNumber(value, out var n) && n > number);
            case 10: return ($"range[{number}, {number + 10})", value => TryNumber(value, out var n) && n >= number && n < number + 10);
            case 11: return ($"<={number}.5", value => TryNumber(value, out var n) && n <= decimal.Parse($"{number}.5", CultureInfo.InvariantCulture));
            case 12:
                var parts = new[] { text, Value(random) }.Where(part => part.Length > 0).ToArray();
                return ($"seq({string.Join(',', parts.Select(Quoted))})", value => Sequence(value, parts));
            default:
                var pattern = Pattern(random);
                return ($"~{Quoted(pattern)}", value => Regex.IsMatch(value, pattern, RegexOptions.Singleline | RegexOptions.CultureInvariant));
        }
    }

    static string Pattern(Random random)
    {
        var pattern = new StringBuilder(random.Next(5) == 0 ? "(?i)" : "");
        for (var pieces = random.Next(1, 4); pieces > 0; pieces--)
        {
            pattern.Append(random.Next(9) switch
            {
                0 => "[a-c]",
                1 => ".*",
                2 => "(a|b)",
                3 => "^",
                4 => "$",
                5 => "a?",
                6 => "b{1,2}",
                7 => "(?:12)?",
                _ => "",
            }).Append(Regex.Escape(Fragments[random.Next(Fragments.Length)])).Append(random.Next(6) switch { 0 => "+", 1 => "*", 2 => "|", _ => "" });
        }

        return pattern.ToString();
    }

    static bool Sequence(string value, string[] parts)
    {
        foreach (var part in parts)
        {
            var at = Find(value, part, true, true);
            if (at < 0)
            {
                return false;
            }

            value = value[(at + part.Length)..];
        }

        return true;
    }

    static int Find(string value, string text, bool wholeStart, bool wholeEnd)
    {
        for (var at = 0; at + text.Length <= value.Length; at++)
        {
            var end = at + text.Length;
            if (string.CompareOrdinal(value, at, text, 0, text.Length) == 0
                && !(wholeStart && at > 0 && IsWord(text[0]) && IsWord(value[at - 1]))
                && !(wholeEnd && end < value.Length && IsWord(text[^1]) && IsWord(value[end])))
            {
                return at;
            }
        }

        return -1;
    }

    static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    static bool TryNumber(string value, out decimal number) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
