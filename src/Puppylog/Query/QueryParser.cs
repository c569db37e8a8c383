using Puppylog.Query.Filters.Parsing;
using Puppylog.Query.Pipes;
using Puppylog.Query.Syntax;

namespace Puppylog.Query;

/// <summary>Reads LogsQL.</summary>
static class QueryParser
{
    /// <param name="query">The text.</param>
    /// <param name="now">What <c>_time:5m</c> counts back from: nanoseconds since 1970, UTC.</param>
    /// <param name="groups">The stream selector of a group by its name; null where there is no such group.</param>
    /// <exception cref="LogsqlException">The query is not understood; it says where and what was expected.</exception>
    public static LogQuery Parse(string query, long now, Func<string, string?>? groups = null)
    {
        var reader = new TokenReader(query) { Groups = groups };
        var filter = FilterParser.Parse(reader, now);
        var pipes = reader.Current.IsSymbol('|') ? PipeParser.Parse(reader, now) : [];
        return reader.Current.Kind == TokenKind.End
            ? new(filter, pipes)
            : throw reader.Expected(pipes.IsEmpty ? "'|', another filter or the end of the query" : "'|' or the end of the query");
    }
}
