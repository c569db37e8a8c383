using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Puppylog.App.Api.Select;

/// <summary>
/// <c>/select/logsql/…</c>: queries by HTTP, GET or a POSTed form, with the parameters and the answers that VictoriaLogs
/// documents (https://docs.victoriametrics.com/victorialogs/querying/). docs/api.md says where this differs.
/// </summary>
sealed class SelectEndpoints(AnswerDesk desk)
{
    const string Root = "/select/logsql/";

    public static void Map(IEndpointRouteBuilder routes, AnswerDesk desk)
    {
        var endpoints = new SelectEndpoints(desk);
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

    void Map(IEndpointRouteBuilder routes, string name, Func<SelectCall, Task> answer) => routes.MapMethods(
        Root + name, [HttpMethods.Get, HttpMethods.Post],
        context => desk.AnswerAsync(context, Pace.Query, (arguments, cancellation) => answer(new(context, desk.State, arguments, desk.Limits, cancellation))));
}
