namespace Puppylog.Query.Syntax;

/// <summary>What was probably meant by an unknown word.</summary>
static class Suggestion
{
    /// <summary>What other languages call a pipe.</summary>
    static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["group"] = "stats by (…)",
        ["tail"] = "last N by (_time)",
        ["grep"] = "filter",
        ["search"] = "filter",
        ["select"] = "fields",
        ["project"] = "fields",
        ["distinct"] = "uniq",
    };

    /// <summary><c>; did you mean 'stats'?</c>, or nothing.</summary>
    /// <param name="word">The word that is not known.</param>
    /// <param name="known">The words that are, with commas between them.</param>
    public static string For(string word, string known)
    {
        var lower = word.ToLowerInvariant();
        var nearest = Others.GetValueOrDefault(word) ?? known.Split(", ").MinBy(name => Distance(lower, name))!;
        return Others.ContainsKey(word) || Distance(lower, nearest) <= Math.Min(2, lower.Length / 2) ? $"; did you mean '{nearest}'?" : "";
    }

    /// <summary><c>; did you mean 'format'?</c>, or nothing.</summary>
    public static string Nearest(string word, IEnumerable<string> known)
    {
        var lower = word.ToLowerInvariant();
        return known.MinBy(name => Distance(lower, name)) is { } nearest && Distance(lower, nearest) <= Math.Min(2, lower.Length / 2) ? $"; did you mean '{nearest}'?" : "";
    }

    /// <summary>Letters to insert, remove or replace (Levenshtein); 99 for words that are far from any known one.</summary>
    static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return 99;
        }

        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
