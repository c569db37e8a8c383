namespace Puppylog.Query;

/// <summary>Reads LogsQL.</summary>
static class QueryParser
{
    /// <param name="query">The text.</param>
    /// <param name="now">What <c>_time:5m</c> counts back from: nanoseconds since 1970, UTC.</param>
    /// <exception cref="Syntax.LogsqlException">The query is not understood; it says where and what was expected.</exception>
    public static LogQuery Parse(string query, long now) => throw new NotSupportedException();
}
