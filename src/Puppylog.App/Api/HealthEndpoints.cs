using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api;

/// <summary><c>/health</c>: the process lives. <c>/ready</c>: it stores. <c>/status</c>: what it does.</summary>
static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet("/health", context => Answers.SendAsync(context, StatusCodes.Status200OK, new Health("ok"), ApiJson.Default.Health));
        routes.MapGet("/ready", context => SendReadyAsync(context, state));
        routes.MapGet("/status", context => SendStatusAsync(context, state));
    }

    static Task SendReadyAsync(HttpContext context, ServerState state) => state.Store.IsHindered
        ? Answers.SendAsync(context, StatusCodes.Status503ServiceUnavailable, new Health("hindered", state.Store.Trouble), ApiJson.Default.Health)
        : Answers.SendAsync(context, StatusCodes.Status200OK, new Health("ready"), ApiJson.Default.Health);

    static Task SendStatusAsync(HttpContext context, ServerState state)
    {
        var store = ((IEmbeddedStore)state.Store).ReadStatus();
        var status = new ServerStatus(
            state.Store.IsHindered ? "hindered" : "ok",
            state.Store.Trouble,
            VersionCommand.Version,
            Math.Round(state.Clock.GetElapsedTime(state.Started).TotalSeconds, 1),
            new(store.Records, store.SegmentBytes, store.LastCommit),
            state.Collected is { } counters ? CollectedTotals.Of(counters) : null,
            IngestedTotals.Of(state.Ingested),
            state.Sources?.Current,
            [.. state.Agents.All]);
        return Answers.SendAsync(context, StatusCodes.Status200OK, status, ApiJson.Default.ServerStatus);
    }
}
