using System.Collections.Immutable;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Times;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>A search as it was asked for on the command line.</summary>
/// <param name="Query">The query with <c>--since</c> and <c>--until</c> worked in.</param>
/// <param name="Format"><c>text</c>, <c>json</c> or <c>raw</c>.</param>
/// <param name="Limit"><c>--limit</c>: the newest rows of a search for records, the first of a computed result; null for all.</param>
/// <param name="Follow">To go on with what comes.</param>
sealed record SearchRequest(LogQuery Query, string Format, long? Limit, bool Follow)
{
    /// <summary>True where the results are records one by one, so that they can be followed.</summary>
    public bool IsRowwise => Query.Pipes.All(pipe => pipe is RowwisePipe);

    /// <summary>The query with the limit worked in as pipes, so that any store runs it: the newest N, oldest first.</summary>
    public LogQuery LimitedQuery
    {
        get
        {
            if (Limit is not { } limit)
            {
                return Query;
            }

            if (!IsRowwise)
            {
                return Query with { Pipes = Query.Pipes.Add(new LimitPipe(limit)) };
            }

            // Before pipes that may take _time away, behind all filters.
            var at = Query.Pipes.TakeWhile(pipe => pipe is FilterPipe).Count();
            at = Query.Pipes.Skip(at).Any(pipe => pipe is FilterPipe) ? Query.Pipes.Length : at;
            return Query with
            {
                Pipes = Query.Pipes.InsertRange(
                    at,
                    new SortPipe([new(FieldNames.Time, Descending: true)], 0, limit, null),
                    new SortPipe([new(FieldNames.Time, Descending: false)], 0, null, null)),
            };
        }
    }

    public ResultWriter CreateWriter(OutputBuffer output) => Format switch
    {
        "json" => new JsonResultWriter(output),
        "raw" => new RawResultWriter(output),
        _ when Query.Pipes.Any(pipe => pipe.MakesTable) => new TableResultWriter(output, Terminal.OnStandardOutput(output)),
        _ => new TextResultWriter(output, Terminal.OnStandardOutput(output)),
    };

    public static LogQuery WithWindow(LogQuery query, long? since, long? until) =>
        since is null && until is null ? query : query with { Filter = new WindowFilter(query.Filter, since, until) };
}
