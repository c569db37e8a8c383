namespace Puppylog.Query.Syntax;

/// <summary>A query that cannot be understood: where, and what was expected there.</summary>
sealed class LogsqlException(string query, int position, string reason) : Exception(reason)
{
    public string Query { get; } = query;

    /// <summary>Characters before the place, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>The message, the query and a caret under the place.</summary>
    public string Describe()
    {
        var line = Query.Replace('\n', ' ').Replace('\t', ' ');
        return $"{Message}\n  {line}\n  {new string(' ', Math.Min(Position, line.Length))}^";
    }
}
