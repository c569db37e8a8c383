using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.Intake;
using Puppylog.Parsing.Json;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// <c>/loki/api/v1/push</c>: 204, or 400 where some entries are not stored, as Loki answers: it says which, and the others are.
/// </summary>
static class LokiAnswers
{
    public static void MapProbes(IEndpointRouteBuilder routes)
    {
        foreach (var path in (ReadOnlySpan<string>)["/insert/loki/ready", "/loki/ready"])
        {
            routes.MapGet(path, context => context.Response.WriteAsync("ready\n"));
        }
    }

    public static async Task TakeAsync(IngestCall call)
    {
        Read(call);
        var receipt = await call.StoreAsync();
        var rejected = call.Batches.Rejections;
        if (rejected.Count == 0)
        {
            call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        const int Status = StatusCodes.Status400BadRequest;
        await Answers.SendAsync(call.Context, Status, LineAnswers.Reply(call, receipt, Status), ApiJson.Default.IngestReply);
    }

    static void Read(IngestCall call)
    {
        var body = call.Body;
        var writer = new RecordWriter(call.Batches, new JsonLineParser { ReplaceTimes = true, Naming = call.Options.Naming }, !call.Options.KeepsMessages);
        var entries = new LokiEntries(call.Batches, writer, sharesStream: call.Options.StreamFields is null);
        var isJson = call.ContentType.Contains("json", StringComparison.Ordinal)
            || (!call.ContentType.Contains("protobuf", StringComparison.Ordinal) && JsonText.SkipWhite(body, 0) is var at && at < body.Length && body[at] == '{');
        if (isJson)
        {
            entries.ReadJson(body);
        }
        else
        {
            entries.ReadProto(SnappyBlock.Decode(body, call.MaxBody));
        }
    }
}
