using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Cli.Search;
using Puppylog.App.Hosting;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api;

/// <summary>
/// What <c>monitor --server</c> asks, under <c>/api/v1/dashboard/</c>: for this program only, and changed with it. Records are
/// lines of JSON as <c>search -o json</c> prints them; <see cref="DashboardLink.CommitField"/> says of which commit those are that follow.
/// </summary>
static class DashboardEndpoints
{
    public const string Root = "/api/v1/dashboard/";
    public const string CommitHeader = "Puppylog-Commit";

    const int MostRecords = 10_000;
    const int MostPeriods = 1000;

    /// <summary>Something is sent so often, so that either side notices that the other is gone.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    static readonly LogQuery Everything = QueryParser.Parse("*", 0);

    public static void Map(IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet(Root + "tail", context => FollowAsync(context, state));
        routes.MapGet(Root + "records", context => SendRecordsAsync(context, state));
        routes.MapGet(Root + "streams", context => SendAsync(context, state.Boards!.ReadStreamsAsync(context.RequestAborted), ApiJson.Default.StreamBoard));
        routes.MapGet(Root + "metrics", context => SendAsync(
            context, state.Boards!.ReadMetricsAsync(Text(context, "id"), Number(context, "periods", MostPeriods), context.RequestAborted), ApiJson.Default.MetricBoard));
        routes.MapGet(Root + "alerts", context => SendAsync(context, state.Boards!.ReadAlertsAsync(Text(context, "id"), context.RequestAborted), ApiJson.Default.AlertBoard));
    }

    /// <summary>All records as they are committed, until the client goes.</summary>
    static async Task FollowAsync(HttpContext context, ServerState state)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Stopping);
        var commits = state.Store.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        await using (commits.ConfigureAwait(false))
        {
            var next = commits.MoveNextAsync().AsTask();
            try
            {
                context.Response.ContentType = "application/x-ndjson";
                context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                await WriteAsync(context, DashboardLink.Mark(0));
                while (true)
                {
                    if (await Task.WhenAny(next, Task.Delay(Heartbeat, state.Clock, stop.Token)) != next)
                    {
                        stop.Token.ThrowIfCancellationRequested();
                        await WriteAsync(context, DashboardLink.Mark(0));
                        continue;
                    }

                    if (!await next)
                    {
                        return;
                    }

                    await WriteAsync(context, DashboardLink.Mark(commits.Current.Commit));
                    await WriteAsync(context, await LinesAsync(sink => QueryExecutor.RunAsync(Everything, commits.Current.Blocks, sink, stop.Token)));
                    next = commits.MoveNextAsync().AsTask();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client has gone, or the server ends.
            }
            finally
            {
                // What watches must have ended before it can be disposed of.
                await stop.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The newest records that match, and up to which commit was looked.</summary>
    static async Task SendRecordsAsync(HttpContext context, ServerState state)
    {
        try
        {
            var filter = TailFilter.Parse(Text(context, "filter") ?? "", Timestamps.Now(state.Clock), state.Boards!.FindGroup);
            var query = new SearchRequest(filter.Query, "json", Number(context, "limit", MostRecords), Follow: true).LimitedQuery;
            var covered = 0L;
            var lines = await LinesAsync(async sink => covered = await state.Store.QueryAsync(query, sink, context.RequestAborted));
            context.Response.ContentType = "application/x-ndjson";
            context.Response.Headers[CommitHeader] = covered.ToString(CultureInfo.InvariantCulture);
            await context.Response.Body.WriteAsync(lines, context.RequestAborted);
        }
        catch (LogsqlException mistake)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new(mistake.Message));
        }
        catch (Exception e) when (e is LogStoreException or QueryMemoryException)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(e.Message));
        }
    }

    static async Task SendAsync<T>(HttpContext context, Task<T> reading, JsonTypeInfo<T> type)
    {
        try
        {
            await Answers.SendAsync(context, StatusCodes.Status200OK, await reading, type);
        }
        catch (Exception e) when (e is LogStoreException or QueryMemoryException or CorruptDataException)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(e.Message));
        }
    }

    static async Task<ReadOnlyMemory<byte>> LinesAsync(Func<IResultSink, Task> run)
    {
        using var lines = new MemoryStream();
        using (var buffer = new OutputBuffer(lines))
        {
            var writer = new JsonResultWriter(buffer);
            await run(writer);
            writer.Complete();
        }

        return lines.ToArray();
    }

    static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    static string? Text(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    static int Number(HttpContext context, string name, int most) =>
        int.TryParse(Text(context, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, 1, most) : most;
}
