using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Hosting;
using Puppylog.Intake;
using Puppylog.Storage;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// Where shippers send records: JSON lines, lines of any format, Loki, OpenTelemetry, Elasticsearch. An answer of 200 or 204
/// means that what it says is stored is on disk. docs/api.md.
/// </summary>
static class IngestEndpoints
{
    const int HinderedSeconds = 5;

    /// <summary>The client went before it was answered, as nginx numbers it; nobody sees it.</summary>
    const int ClientGone = 499;

    public static void Map(IEndpointRouteBuilder routes, ServerState state)
    {
        MapTo(["/insert/jsonline"], LineAnswers.TakeJsonAsync, LineAnswers.RefuseAsync);
        MapTo(["/insert/raw"], LineAnswers.TakeRawAsync, LineAnswers.RefuseAsync);
        MapTo(["/insert/loki/api/v1/push", "/loki/api/v1/push"], LokiAnswers.TakeAsync, LineAnswers.RefuseAsync);
        MapTo(["/insert/opentelemetry/v1/logs", "/v1/logs"], OtlpAnswers.TakeAsync, OtlpAnswers.RefuseAsync);
        MapTo(["/insert/elasticsearch/_bulk", "/insert/elasticsearch/{index}/_bulk"], ElasticAnswers.TakeBulkAsync, ElasticAnswers.RefuseAsync);
        LokiAnswers.MapProbes(routes);
        ElasticAnswers.MapProbes(routes);

        void MapTo(string[] paths, Func<IngestCall, Task> take, Func<HttpContext, int, string, Task> refuse)
        {
            foreach (var path in paths)
            {
                routes.MapMethods(path, [HttpMethods.Post, HttpMethods.Put], context => AnswerAsync(context, state, take, refuse));
            }
        }
    }

    static async Task AnswerAsync(HttpContext context, ServerState state, Func<IngestCall, Task> take, Func<HttpContext, int, string, Task> refuse)
    {
        try
        {
            if (state.Store.IsHindered)
            {
                throw new IngestException(StatusCodes.Status503ServiceUnavailable, state.Store.Trouble ?? "storing is hindered") { RetryAfter = HinderedSeconds };
            }

            var options = IngestArguments.Read(context.Request);
            using var body = await RequestBody.ReadAsync(context, state.Budget, state.MaxBody);
            await take(new(context, state, body, options, state.Processing.Current));
        }
        catch (IngestException refusal)
        {
            await FailAsync(refusal.Status, refusal.Message, refusal.RetryAfter);
        }
        catch (IntakeException mistake)
        {
            await FailAsync(mistake.IsTooMuch ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, mistake.Message);
        }
        catch (LogStoreException trouble)
        {
            await FailAsync(StatusCodes.Status503ServiceUnavailable, trouble.Message, HinderedSeconds);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to hear it.
            context.Response.StatusCode = ClientGone;
        }

        Task FailAsync(int status, string message, int? retryAfter = null)
        {
            if (retryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return refuse(context, status, message);
        }
    }
}
