using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api.Select;

/// <summary>
/// <c>/select/logsql/…</c>: queries by HTTP, GET or a POSTed form, with the parameters and the answers that VictoriaLogs
/// documents (https://docs.victoriametrics.com/victorialogs/querying/). docs/api.md says where this differs.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing; it lives as long as the server.")]
sealed class SelectEndpoints(ServerState state, SelectLimits limits)
{
    const string Root = "/select/logsql/";
    const int BusySeconds = 1;

    /// <summary>The client went before it was answered, as nginx numbers it; nobody sees it.</summary>
    const int ClientGone = 499;

    readonly SemaphoreSlim _turn = new(limits.MaxConcurrent);

    public static void Map(IEndpointRouteBuilder routes, ServerState state, SelectLimits limits)
    {
        var endpoints = new SelectEndpoints(state, limits);
        endpoints.Map(routes, "query", RecordsAnswer.SendAsync);
        endpoints.Map(routes, "hits", HitsAnswer.SendAsync);
        endpoints.Map(routes, "facets", FacetsAnswer.SendAsync);
        endpoints.Map(routes, "stats_query", StatsAnswer.SendInstantAsync);
        endpoints.Map(routes, "stats_query_range", StatsAnswer.SendRangeAsync);
        endpoints.Map(routes, "field_names", ValuesAnswer.SendFieldNamesAsync);
        endpoints.Map(routes, "field_values", ValuesAnswer.SendFieldValuesAsync);
        endpoints.Map(routes, "streams", ValuesAnswer.SendStreamsAsync);
        endpoints.Map(routes, "stream_ids", ValuesAnswer.SendStreamIdsAsync);
        endpoints.Map(routes, "stream_field_names", ValuesAnswer.SendStreamFieldNamesAsync);
        endpoints.Map(routes, "stream_field_values", ValuesAnswer.SendStreamFieldValuesAsync);
    }

    void Map(IEndpointRouteBuilder routes, string name, Func<SelectCall, Task> answer) =>
        routes.MapMethods(Root + name, [HttpMethods.Get, HttpMethods.Post], context => AnswerAsync(context, answer));

    async Task AnswerAsync(HttpContext context, Func<SelectCall, Task> answer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Stopping);
        var time = limits.MaxDuration;
        try
        {
            var arguments = await RequestArguments.ReadAsync(context);
            time = Time(arguments);
            if (!await _turn.WaitAsync(limits.MaxWait, stop.Token))
            {
                await Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, new($"{limits.MaxConcurrent} queries are running, and others wait"), BusySeconds);
                return;
            }

            try
            {
                using var timer = state.Clock.CreateTimer(_ => stop.Cancel(), null, time, Timeout.InfiniteTimeSpan);
                await answer(new(context, state, arguments, limits, stop.Token));
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            await FailAsync(
                context,
                context.RequestAborted.IsCancellationRequested ? ClientGone : StatusCodes.Status503ServiceUnavailable,
                new(state.Stopping.IsCancellationRequested ? "the server ends" : $"the query did not end within {time.TotalSeconds:0.###} s: ask for less, or for longer with timeout=…"));
        }
        catch (LogsqlException mistake)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, new(mistake.Describe(), Query: mistake.Query, Position: mistake.Position, Message: mistake.Message));
        }
        catch (Exception mistake) when (mistake is RequestException or UsageException)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, new(mistake.Message));
        }
        catch (QueryMemoryException tooMuch)
        {
            await FailAsync(context, StatusCodes.Status422UnprocessableEntity, new(tooMuch.Message));
        }
        catch (Exception e) when (e is LogStoreException or CorruptDataException)
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, new(e.Message));
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear it.
        }
    }

    TimeSpan Time(RequestArguments arguments)
    {
        if (arguments.Duration("timeout") is not { } nanoseconds)
        {
            return limits.MaxDuration;
        }

        var time = TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return time <= TimeSpan.Zero ? throw new RequestException("timeout takes a duration above 0") : time < limits.MaxDuration ? time : limits.MaxDuration;
    }

    /// <summary>An answer that has begun is broken off, so that nobody takes it for a whole one.</summary>
    static Task FailAsync(HttpContext context, int status, QueryRefusal refusal)
    {
        if (!context.Response.HasStarted)
        {
            return status == ClientGone ? Task.CompletedTask : Answers.SendAsync(context, status, refusal, ApiJson.Default.QueryRefusal);
        }

        context.Abort();
        return Task.CompletedTask;
    }
}
