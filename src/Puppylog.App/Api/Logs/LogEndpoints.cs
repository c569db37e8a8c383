using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Puppylog.App.Api.Resources;
using Puppylog.App.Api.Security;
using Puppylog.App.Api.Tail;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Filters.Logic;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Logs;

/// <summary><c>/logs/{field}/{value}</c> and <c>/logs/{file path}</c>: the newest records as a JSON array of their original lines, in the order of the log.</summary>
sealed class LogEndpoints(AnswerDesk desk)
{
    const int UsualLimit = 100;
    const int LargestLimit = 100_000;

    /// <summary>Who takes nothing at all for so long is cut off.</summary>
    static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder routes, AnswerDesk desk)
    {
        var endpoints = new LogEndpoints(desk);
        routes.MapGet("/logs/{field}/{**value}", endpoints.AnswerAsync);
        routes.MapGet("/logs/{**path}", endpoints.AnswerAsync);
    }

    Task AnswerAsync(HttpContext context) => desk.AnswerAsync(
        context, arguments => arguments.Flag("follow") ? Pace.Endless : Pace.Query, (arguments, cancellation) => SendAsync(new(context, desk.State, arguments, cancellation)));

    async Task SendAsync(ResourceCall call)
    {
        var (query, name) = Query(call);
        var limit = call.Limit(UsualLimit);
        if (limit is < 1 or > LargestLimit)
        {
            throw new RequestException($"limit takes a number from 1 to {LargestLimit:N0}");
        }

        if (call.Context.Features.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        var newest = new SearchRequest(query, "raw", limit, Follow: false).LimitedQuery;
        if (call.Arguments.Flag("follow"))
        {
            await FollowAsync(call, query, newest, name);
            return;
        }

        var response = call.Context.Response;
        response.ContentType = "application/json";
        // Not disposed of: what a query that fails has left in it must not be sent as if it were an answer.
        var output = new OutputBuffer(response.Body);
        var writer = new JsonLinesWriter(output, isArray: true);
        await call.State.Store.QueryAsync(newest, writer, call.Cancellation);
        if (!writer.HasRows)
        {
            throw Missing(name);
        }

        writer.Complete();
    }

    async Task FollowAsync(ResourceCall call, LogQuery query, LogQuery newest, string name)
    {
        var response = call.Context.Response;
        response.ContentType = "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        // nginx would keep lines back otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        call.Context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (call.Context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new(bytesPerSecond: 1, gracePeriod: Stuck);
        }

        var output = new OutputBuffer(response.Body);
        var writer = new JsonLinesWriter(output, isArray: false);
        long covered;
        using (var turn = await desk.TakeTurnAsync(call.Cancellation))
        {
            covered = await call.State.Store.QueryAsync(newest, writer, turn.Cancellation);
        }

        if (!writer.HasRows)
        {
            throw Missing(name);
        }

        writer.Complete();
        var tail = new LiveTail((ICommitHistory)call.State.Store, query, new FollowedLines(output), call.State.Clock, call.Cancellation);
        await Task.Factory.StartNew(() => tail.Run(TailCursor.Behind(covered)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    static (LogQuery Query, string Name) Query(ResourceCall call)
    {
        if (LogTarget.Of(call.Context) is not { Value.Length: > 0 } target)
        {
            throw new RequestException("name a field and its value, as /logs/trace_id/4bf92f35, or a file, as /logs//var/log/app.log");
        }

        var caller = Caller.Of(call.Context);
        var (text, name) = target.Field is { } field
            ? ($"{Quoted(field)}:={Quoted(target.Value)}", $"no record has the {field} '{target.Value}'")
            : ($"{{{FieldNames.FilePath}={Quoted(target.Value)}}}", $"no record is of the file '{target.Value}'; {(caller.Streams is null ? "/api/v1/streams" : "/select/logsql/streams?query=*")} lists those that there are");
        var query = QueryParser.Parse(text, call.Now);
        query = query with { Options = query.Options with { MaxMemory = call.State.Limits.MaxMemory } };
        return (caller.Streams is { } streams ? query with { Filter = new AndFilter([streams, query.Filter]) } : query, name);
    }

    static string Quoted(string text) => JsonSerializer.Serialize(text, ApiJson.Default.String);

    static RequestException Missing(string name) => new(StatusCodes.Status404NotFound, name);
}
