using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Puppylog.App.Api.Resources;

/// <summary>
/// <c>/api/v1/…</c>: what the commands show and change, for programs. Objects are those of <c>-o json</c>, bodies have the names of
/// <c>puppylog.yaml</c>, mistakes are told as there.
/// </summary>
sealed class ResourceEndpoints(AnswerDesk desk)
{
    const string Root = "/api/v1/";

    public static void Map(IEndpointRouteBuilder routes, AnswerDesk desk)
    {
        var endpoints = new ResourceEndpoints(desk);
        endpoints.Get(routes, "streams", StreamAnswers.SendStreamsAsync, Pace.Query);
        endpoints.Get(routes, "groups", StreamAnswers.SendGroupsAsync, Pace.Query);
        endpoints.Post(routes, "groups", StreamAnswers.AddGroupAsync, Pace.Query);
        endpoints.Delete(routes, "groups/{id}", StreamAnswers.DeleteGroupAsync);
        endpoints.Get(routes, "sources", StoreAnswers.SendSourcesAsync);
        endpoints.Get(routes, "store", StoreAnswers.SendStatusAsync, Pace.Query);
        endpoints.Post(routes, "reload", StoreAnswers.ReloadAsync);
        endpoints.Get(routes, "metrics", MetricAnswers.SendListAsync);
        endpoints.Post(routes, "metrics", MetricAnswers.AddAsync, Pace.Query);
        endpoints.Post(routes, "metrics/preview", MetricAnswers.PreviewAsync, Pace.Query);
        endpoints.Get(routes, "metrics/{id}", MetricAnswers.SendAsync);
        endpoints.Put(routes, "metrics/{id}", MetricAnswers.ChangeAsync);
        endpoints.Delete(routes, "metrics/{id}", MetricAnswers.DeleteAsync);
        endpoints.Get(routes, "metrics/{id}/observations", MetricAnswers.SendObservationsAsync);
        endpoints.Get(routes, "alerts", AlertAnswers.SendListAsync);
        endpoints.Post(routes, "alerts", AlertAnswers.AddAsync);
        endpoints.Post(routes, "alerts/preview", AlertAnswers.PreviewAsync, Pace.Query);
        endpoints.Get(routes, "alerts/{id}", AlertAnswers.SendAsync);
        endpoints.Put(routes, "alerts/{id}", AlertAnswers.ChangeAsync);
        endpoints.Delete(routes, "alerts/{id}", AlertAnswers.DeleteAsync);
        endpoints.Get(routes, "alerts/{id}/history", AlertAnswers.SendHistoryAsync);
        endpoints.Post(routes, "alerts/{id}/silence", SilenceAnswers.AddAsync);
        endpoints.Delete(routes, "alerts/{id}/silence", SilenceAnswers.LiftAsync);
        endpoints.Post(routes, "alerts/{id}/test", SilenceAnswers.TestAsync);
        endpoints.Get(routes, "silences", SilenceAnswers.SendListAsync);
        endpoints.Get(routes, "notifiers", SilenceAnswers.SendNotifiersAsync);
    }

    void Get(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer, Pace pace = Pace.Brief) =>
        routes.MapGet(Root + name, context => ResourceCall.AnswerAsync(desk, context, pace, answer));

    void Post(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer, Pace pace = Pace.Brief) =>
        routes.MapPost(Root + name, context => ResourceCall.AnswerAsync(desk, context, pace, answer));

    void Put(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer) =>
        routes.MapPut(Root + name, context => ResourceCall.AnswerAsync(desk, context, Pace.Query, answer));

    void Delete(IEndpointRouteBuilder routes, string name, Func<ResourceCall, Task> answer) =>
        routes.MapDelete(Root + name, context => ResourceCall.AnswerAsync(desk, context, Pace.Brief, answer));
}
