using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Pipes;
using Puppylog.Query.Syntax;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Tail;

/// <summary>
/// <c>/select/logsql/tail</c> as VictoriaLogs documents it, and <c>/api/v1/tail</c>: Server-Sent Events, or a WebSocket where the
/// client asks for one. Records are pushed as soon as they are committed.
/// </summary>
sealed class TailEndpoints(AnswerDesk desk)
{
    /// <summary>Who takes nothing at all for so long is cut off.</summary>
    static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder routes, AnswerDesk desk)
    {
        var endpoints = new TailEndpoints(desk);
        routes.MapMethods("/select/logsql/tail", [HttpMethods.Get, HttpMethods.Post], context => endpoints.AnswerAsync(context, endpoints.LinesAsync));
        routes.MapMethods("/api/v1/tail", [HttpMethods.Get, HttpMethods.Post], context => endpoints.AnswerAsync(context, endpoints.EventsAsync));
    }

    Task AnswerAsync(HttpContext context, Func<SelectCall, Task> answer) =>
        desk.AnswerAsync(context, Pace.Endless, (arguments, cancellation) => answer(new(context, desk.State, arguments, desk.Limits, cancellation)));

    async Task LinesAsync(SelectCall call)
    {
        var query = call.Query();
        if (query.Pipes.FirstOrDefault(pipe => pipe is not RowwisePipe) is { } pipe)
        {
            throw new RequestException($"'{pipe}' needs all records, of which a tail never has the last; /api/v1/tail answers such queries once per interval");
        }

        var from = call.Arguments.Duration("start_offset") is { } offset
            ? TailCursor.Behind(History.CommitBefore(TimeText.Add(call.Now, -offset)))
            : TailCursor.Behind(History.LastCommit);
        query = call.Arguments.Duration("start_offset") is { } since ? Since(query, TimeText.Add(call.Now, -since)) : query;
        await BeginAsync(call, "application/x-ndjson");
        await RunAsync(new(History, query, new LinesOutput(new(call.Context.Response.Body)), desk.State.Clock, call.Cancellation), from);
    }

    async Task EventsAsync(SelectCall call)
    {
        var query = call.Query();
        var cursor = call.Context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header ? header : call.Arguments.Text("cursor");
        var isKnown = TailCursor.TryParse(cursor, out var from) && from.Commit <= History.LastCommit;
        if (cursor is not null && !isKnown && !TailCursor.TryParse(cursor, out _))
        {
            throw new RequestException($"'{cursor}' is no cursor of a tail");
        }

        var since = call.Arguments.Time("since", call.Now);
        if (!isKnown)
        {
            from = TailCursor.Behind(since is { } first && cursor is null ? History.CommitBefore(first) : History.LastCommit);
        }

        if (since is { } time)
        {
            query = Since(query, time);
        }

        var interval = call.Arguments.Duration("interval") is { } nanoseconds ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : TimeSpan.FromSeconds(1);
        if (interval < TimeSpan.FromMilliseconds(100) || interval > TimeSpan.FromHours(1))
        {
            throw new RequestException("interval takes 100ms to 1h");
        }

        var isUnknown = cursor is not null && !isKnown;
        Func<ITailOutput, CancellationToken, LiveTail> create = (output, stop) => new(History, query, output, desk.State.Clock, stop) { Interval = interval, IsReset = isUnknown };
        if (call.Context.WebSockets.IsWebSocketRequest)
        {
            await SocketAsync(call, from, create);
            return;
        }

        await BeginAsync(call, "text/event-stream");
        await RunAsync(create(new EventStreamOutput(new(call.Context.Response.Body)), call.Cancellation), from);
    }

    static async Task SocketAsync(SelectCall call, TailCursor from, Func<ITailOutput, CancellationToken, LiveTail> create)
    {
        using var socket = await call.Context.WebSockets.AcceptWebSocketAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        using var output = new SocketOutput(socket, gone.Token);
        var listening = ListenAsync(socket, gone);
        await RunAsync(create(output, gone.Token), from);
        await gone.CancelAsync();
        await listening;
    }

    /// <summary>Nothing is expected of the client but its farewell.</summary>
    static async Task ListenAsync(WebSocket socket, CancellationTokenSource gone)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, gone.Token)).MessageType != WebSocketMessageType.Close)
            {
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, gone.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // Gone without one.
        }

        await gone.CancelAsync();
    }

    static LogQuery Since(LogQuery query, long time) => SearchRequest.WithWindow(query, time, null);

    /// <summary>Sends the head at once. A client may read slowly, but it must read.</summary>
    static async Task BeginAsync(SelectCall call, string type)
    {
        var features = call.Context.Features;
        if (features.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        if (features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new(bytesPerSecond: 1, gracePeriod: Stuck);
        }

        features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = call.Context.Response;
        response.ContentType = type;
        response.Headers.CacheControl = "no-store";
        // nginx would keep events back otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.FlushAsync(call.Cancellation);
    }

    static Task RunAsync(LiveTail tail, TailCursor from) => Task.Factory.StartNew(() => tail.Run(from), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    ICommitHistory History => (ICommitHistory)desk.State.Store;
}
