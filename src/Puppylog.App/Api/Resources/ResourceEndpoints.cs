using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.Configuration;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Api.Resources;

/// <summary>
/// <c>/api/v1/…</c>: what the commands show and change, for programs. Objects are those of <c>-o json</c>, bodies have the names of
/// <c>puppylog.yaml</c>, mistakes are told as there.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing; it lives as long as the server.")]
sealed class ResourceEndpoints(ServerState state, SelectLimits limits)
{
    const string Root = "/api/v1/";
    const int BusySeconds = 1;

    readonly SemaphoreSlim _turn = new(limits.MaxConcurrent);

    public static void Map(IEndpointRouteBuilder routes, ServerState state, SelectLimits limits)
    {
        if (state.Directory is null)
        {
            return;
        }

        var endpoints = new ResourceEndpoints(state, limits);
        endpoints.Get(routes, "streams", StreamAnswers.SendStreamsAsync);
        endpoints.Get(routes, "groups", StreamAnswers.SendGroupsAsync);
        endpoints.Post(routes, "groups", StreamAnswers.AddGroupAsync);
        endpoints.Delete(routes, "groups/{id}", StreamAnswers.DeleteGroupAsync);
        endpoints.Get(routes, "sources", StoreAnswers.SendSourcesAsync);
        endpoints.Get(routes, "store", StoreAnswers.SendStatusAsync);
        endpoints.Post(routes, "reload", StoreAnswers.ReloadAsync);
        endpoints.Get(routes, "metrics", MetricAnswers.SendListAsync);
        endpoints.Post(routes, "metrics", MetricAnswers.AddAsync);
        endpoints.Post(routes, "metrics/preview", MetricAnswers.PreviewAsync);
        endpoints.Get(routes, "metrics/{id}", MetricAnswers.SendAsync);
        endpoints.Delete(routes, "metrics/{id}", MetricAnswers.DeleteAsync);
        endpoints.Get(routes, "metrics/{id}/observations", MetricAnswers.SendObservationsAsync);
        endpoints.Get(routes, "alerts", AlertAnswers.SendListAsync);
        endpoints.Post(routes, "alerts", AlertAnswers.AddAsync);
        endpoints.Post(routes, "alerts/preview", AlertAnswers.PreviewAsync);
        endpoints.Get(routes, "alerts/{id}", AlertAnswers.SendAsync);
        endpoints.Delete(routes, "alerts/{id}", AlertAnswers.DeleteAsync);
        endpoints.Get(routes, "alerts/{id}/history", AlertAnswers.SendHistoryAsync);
        endpoints.Post(routes, "alerts/{id}/silence", SilenceAnswers.AddAsync);
        endpoints.Delete(routes, "alerts/{id}/silence", SilenceAnswers.LiftAsync);
        endpoints.Post(routes, "alerts/{id}/test", SilenceAnswers.TestAsync);
        endpoints.Get(routes, "silences", SilenceAnswers.SendListAsync);
        endpoints.Get(routes, "notifiers", SilenceAnswers.SendNotifiersAsync);
    }

    void Get(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer) => routes.MapGet(Root + name, context => AnswerAsync(context, answer));

    void Post(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer) => routes.MapPost(Root + name, context => AnswerAsync(context, answer));

    void Delete(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer) => routes.MapDelete(Root + name, context => AnswerAsync(context, answer));

    /// <summary>Answers a request, or says why not.</summary>
    public async Task AnswerAsync(HttpContext context, Func<ResourceCall, Task> answer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Stopping);
        try
        {
            var arguments = await RequestArguments.ReadAsync(context);
            if (!await _turn.WaitAsync(limits.MaxWait, stop.Token))
            {
                await Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, new($"{limits.MaxConcurrent} requests are being answered, and others wait"), BusySeconds);
                return;
            }

            try
            {
                using var timer = state.Clock.CreateTimer(_ => stop.Cancel(), null, limits.MaxDuration, Timeout.InfiniteTimeSpan);
                await answer(new(context, state, arguments, stop.Token));
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception mistake) when (Refusal(mistake) is { } refusal)
        {
            if (context.Response.HasStarted)
            {
                // An answer that has begun is broken off, so that nobody takes it for a whole one.
                context.Abort();
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                await refusal(context);
            }
        }
    }

    /// <summary>How a failure is answered; null for what nobody foresaw.</summary>
    Func<HttpContext, Task>? Refusal(Exception mistake) => mistake switch
    {
        ResourceException own => context => Answers.RefuseAsync(context, own.Status, new(own.Message)),
        ConfigurationException wrong => context => Answers.SendAsync(context, StatusCodes.Status400BadRequest, Mistakes(wrong), ApiJson.Default.BodyRefusal),
        LogsqlException query => context => Answers.SendAsync(
            context, StatusCodes.Status400BadRequest, new(query.Describe(), Query: query.Query, Position: query.Position, Message: query.Message), ApiJson.Default.QueryRefusal),
        RequestException or UsageException => context => Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, new(mistake.Message)),
        QueryMemoryException => context => Answers.RefuseAsync(context, StatusCodes.Status422UnprocessableEntity, new(mistake.Message)),
        BadHttpRequestException bad => context => Answers.RefuseAsync(context, bad.StatusCode, new(bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "the body is too long" : bad.Message)),
        OperationCanceledException => context => Answers.RefuseAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            new(state.Stopping.IsCancellationRequested ? "the server ends" : $"it did not end within {limits.MaxDuration.TotalSeconds:0} s: ask for less time")),
        LogStoreException or CorruptDataException or IOException => context => Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new(mistake.Message)),
        _ => null,
    };

    static BodyRefusal Mistakes(ConfigurationException wrong)
    {
        List<BodyMistake> mistakes = [.. wrong.Mistakes.Select(mistake => new BodyMistake(mistake.Message, mistake.File == BodyReader.Name ? null : mistake.File, mistake.Place?.Line, mistake.Place?.Column))];
        return new(string.Join('\n', wrong.Mistakes.Select(mistake => mistake.File == BodyReader.Name ? mistake.Message : mistake.ToString())), mistakes);
    }
}
