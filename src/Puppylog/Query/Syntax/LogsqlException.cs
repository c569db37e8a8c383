namespace Puppylog.Query.Syntax;

/// <summary>A query that cannot be understood: where, and what was expected there.</summary>
sealed class LogsqlException(string query, int position, string reason) : Exception(reason)
{
    /// <summary>Characters of a query that a message shows at most.</summary>
    const int MaxShown = 160;

    public string Query { get; } = query;

    /// <summary>Characters before the place, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>The message, the query (what is around the place, where it is long) and a caret under the place.</summary>
    public string Describe()
    {
        var line = string.Concat(Query.Select(c => char.IsControl(c) ? ' ' : c));
        var position = Math.Min(Position, line.Length);
        if (line.Length > MaxShown)
        {
            var start = Math.Max(0, position - (MaxShown / 2));
            var end = Math.Min(line.Length, start + MaxShown);
            line = (start > 0 ? "…" : "") + line[start..end] + (end < line.Length ? "…" : "");
            position = position - start + (start > 0 ? 1 : 0);
        }

        return $"{Message}\n  {line}\n  {new string(' ', position)}^";
    }
}
