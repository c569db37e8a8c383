using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>
/// <c>query</c>: a line of JSON per row as it is found, oldest first; with <c>limit</c> the newest, newest first. As CSV with
/// <c>format=csv</c>, as the original lines with <c>format=raw</c>.
/// </summary>
static class RecordsAnswer
{
    public static async Task SendAsync(SelectCall call)
    {
        var format = call.Arguments.Text("format") ?? "json";
        var query = Limited(call.Query(), call.Arguments.Count("limit"), call.Arguments.Count("offset") ?? 0);
        var response = call.Context.Response;
        switch (format)
        {
            case "json":
                response.ContentType = "application/x-ndjson";
                await StreamAsync(call, query, output => new JsonResultWriter(output));
                break;
            case "raw":
                response.ContentType = "text/plain; charset=utf-8";
                await StreamAsync(call, query, output => new RawResultWriter(output));
                break;
            case "csv":
                response.ContentType = "text/csv; charset=utf-8; header=present";
                var fields = await FieldsAsync(call, query);
                await StreamAsync(call, query, output => new CsvResultWriter(output, fields));
                break;
            default:
                throw new RequestException($"format takes json, csv or raw; not '{format}'");
        }
    }

    static async Task StreamAsync(SelectCall call, LogQuery query, Func<OutputBuffer, ResultWriter> create)
    {
        // The query hands its rows over from a thread of its own, which waits where the client reads slowly.
        if (call.Context.Features.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        call.Context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        call.Head();
        // Not disposed of: what a query that fails has left in it must not be sent as if it were an answer.
        var output = new OutputBuffer(call.Context.Response.Body);
        var writer = create(output);
        await call.State.Store.QueryAsync(query, new PromptSink(writer, output, call.State.Clock), call.Cancellation);
        writer.Complete();
        var known = call.Context.Response.Headers["Puppylog-Note"].Count;
        foreach (var note in call.Notes.Skip(known))
        {
            if (call.Context.Response.SupportsTrailers())
            {
                call.Context.Response.AppendTrailer("Puppylog-Note", SelectCall.Printable(note));
            }
        }
    }

    /// <summary>The newest rows of a search for records, newest first; the first rows of any other result.</summary>
    static LogQuery Limited(LogQuery query, long? limit, long offset)
    {
        if (limit is null)
        {
            return offset == 0 ? query : throw new RequestException("offset goes with limit");
        }

        if (!query.Pipes.All(pipe => pipe is RowwisePipe))
        {
            return query with { Pipes = [.. query.Pipes, .. offset == 0 ? ImmutableArray<Pipe>.Empty : [new OffsetPipe(offset)], new LimitPipe(limit.Value)] };
        }

        // Before pipes that may take _time away, behind all filters.
        var at = query.Pipes.TakeWhile(pipe => pipe is FilterPipe).Count();
        at = query.Pipes.Skip(at).Any(pipe => pipe is FilterPipe) ? query.Pipes.Length : at;
        // The newest are found from the end on, without looking at the others; those that are passed over are among them.
        var most = limit.Value > long.MaxValue - offset ? long.MaxValue : limit.Value + offset;
        Pipe newest = new SortPipe([new(FieldNames.Time, Descending: true)], 0, most, null);
        return query with { Pipes = query.Pipes.InsertRange(at, offset == 0 ? [newest] : ImmutableArray.Create(newest, new OffsetPipe(offset))) };
    }

    /// <summary>The columns of the answer: all fields that a row of it has, times and messages first.</summary>
    static async Task<string[]> FieldsAsync(SelectCall call, LogQuery query)
    {
        var names = new ResultTable(call.Limits.MaxRows);
        await call.State.Store.QueryAsync(query with { Pipes = query.Pipes.Add(new FieldNamesPipe()) }, names, call.Cancellation);
        return [.. names.Rows.Select(row => row[0]).Where(name => !FieldNames.IsHidden(name)).OrderBy(JsonResultWriter.Rank)];
    }
}
