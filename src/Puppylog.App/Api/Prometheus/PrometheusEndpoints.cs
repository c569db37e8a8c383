using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.Alerts.Keeping;
using Puppylog.App.Api.Resources;
using Puppylog.App.Api.Stats;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Hosting;

namespace Puppylog.App.Api.Prometheus;

/// <summary><c>/metrics</c>: how the server is, for Prometheus.</summary>
sealed class PrometheusEndpoints(ServerState state, RequestMeter requests, TallyCache cache)
{
    static readonly string[] States = ["firing", "pending", "ok"];

    public static void Map(IEndpointRouteBuilder routes, ServerState state, AnswerDesk desk, RequestMeter requests, TallyCache cache)
    {
        var endpoints = new PrometheusEndpoints(state, requests, cache);
        routes.MapGet("/metrics", context => ResourceCall.AnswerAsync(desk, context, Pace.Brief, endpoints.SendAsync));
    }

    Task SendAsync(ResourceCall call)
    {
        var text = new MetricsText();
        ProcessMetrics.Add(text);
        StoreMetricsText.Add(text, state);
        CollectMetrics.Add(text, state);
        AddRequests(text);
        AddAlerts(text, call);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        call.Context.Response.ContentType = MetricsText.MediaType;
        call.Context.Response.ContentLength = bytes.Length;
        return call.Context.Response.Body.WriteAsync(bytes, call.Cancellation).AsTask();
    }

    void AddRequests(MetricsText text)
    {
        text.Counters(
            "puppylog_http_requests_total", "Requests by the route that answered them.",
            requests.Requests.Select(request => (new[]
            {
                ("method", request.Key.Method), ("path", request.Key.Path), ("status", request.Key.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            }, (double)request.Value)));
        text.Histograms("puppylog_query_duration_seconds", "Queries by their route, to the end of their answer, in seconds.", requests.Queries.Select(query => (new[] { ("path", query.Key) }, query.Value)));
        text.Gauge("puppylog_tails", "Clients that follow records.", requests.Tails);
        text.Gauge("puppylog_stats_cache_bytes", "Bytes of what days came to that are kept, about.", cache.Bytes);
        text.Counters("puppylog_stats_cache_lookups_total", "Days that were asked for.", [([("result", "hit")], cache.Hits), ([("result", "miss")], cache.Misses)]);
    }

    static void AddAlerts(MetricsText text, ResourceCall call)
    {
        var states = AlertAnswers.Open(call).Read().Rules.CountBy(AlertRows.State).ToDictionary();
        text.Gauges(
            "puppylog_alerts", "Alerts by where they stand.",
            States.Select(state => (new[] { ("state", state) }, (double)states.GetValueOrDefault(state))));
    }
}
