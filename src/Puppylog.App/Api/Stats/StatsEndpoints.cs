using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Api.Resources;
using Puppylog.App.Api.Security;

namespace Puppylog.App.Api.Stats;

/// <summary>How the requests of a customer, of all, or of any field's value went since a day.</summary>
sealed class StatsEndpoints(AnswerDesk desk, RequestStats stats)
{
    const string Customer = "customer_id";

    public static void Map(IEndpointRouteBuilder routes, RequestStats stats, AnswerDesk desk)
    {
        var endpoints = new StatsEndpoints(desk, stats);
        endpoints.Map(routes, "/customers/{id}/stats", call => new(Customer, CustomerOf(call)), "customer");
        endpoints.Map(routes, "/customers/customer/stats/all", _ => new(Customer, null), "customer");
        endpoints.Map(routes, "/stats/{field}/{**value}", ValueOf, null);
    }

    /// <summary>Values such as <c>/api</c> are sent as <c>%2Fapi</c>.</summary>
    static StatsQuestion ValueOf(ResourceCall call) => SentPath.Behind(call.Context, "/stats/") is { } sent && sent.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        ? new(Uri.UnescapeDataString(sent[..slash]), Uri.UnescapeDataString(sent[(slash + 1)..]))
        : new(call.Route("field"), call.Route("value"));

    static string CustomerOf(ResourceCall call) => SentPath.Behind(call.Context, "/customers/")?.Split('/') is [var id, "stats"] ? Uri.UnescapeDataString(id) : call.Id;

    void Map(IEndpointRouteBuilder routes, string path, Func<ResourceCall, StatsQuestion> question, string? what) =>
        routes.MapGet(path, context => ResourceCall.AnswerAsync(desk, context, Pace.Query, call => SendAsync(call, question(call) with { Streams = Caller.Of(call.Context).Selector }, what)));

    async Task SendAsync(ResourceCall call, StatsQuestion question, string? what)
    {
        var from = Date(call);
        var reply = await stats.AskAsync(question, from, call.Cancellation)
            ?? throw new RequestException(
                StatusCodes.Status404NotFound,
                question.Value is null ? "there are no requests with a customer_id" : what is null ? $"there are no requests with the {question.Field} '{question.Value}'" : $"there is no {what} '{question.Value}'");
        await Answers.SendAsync(call.Context, StatusCodes.Status200OK, reply, ApiJson.Default.StatsReply);
    }

    /// <exception cref="RequestException">It is missing, no date, or has not come yet.</exception>
    static DateOnly Date(ResourceCall call)
    {
        var text = call.Arguments.Text("from_date") ?? throw Bad("from_date is missing: the first day that is wanted, such as 2026-11-01");
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            throw Bad($"from_date takes a date such as 2026-11-01, not '{text}'");
        }

        return date <= DateOnly.FromDateTime(call.State.Clock.GetUtcNow().UtcDateTime) ? date : throw Bad($"from_date {text} has not come yet");
    }

    static RequestException Bad(string message) => new(StatusCodes.Status422UnprocessableEntity, message);
}
