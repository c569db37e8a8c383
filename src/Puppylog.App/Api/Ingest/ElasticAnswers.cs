using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.Intake;
using Puppylog.Parsing.Json;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// <c>/insert/elasticsearch/…</c>: <c>_bulk</c>, answered item by item, and what shippers ask before they send: version,
/// licence, health, and that their templates, policies and pipelines are taken note of (they mean nothing here).
/// </summary>
static class ElasticAnswers
{
    const string Root = "/insert/elasticsearch";

    /// <summary>Shippers refuse to speak to a server that is older than they are.</summary>
    const string Version = "8.17.0";

    static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");

    public static void MapProbes(IEndpointRouteBuilder routes)
    {
        string[] any = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Put, HttpMethods.Post];
        routes.MapMethods(Root, any, context => SendAsync(context, $$"""{"name":"puppylog","cluster_name":"puppylog","cluster_uuid":"puppylog","version":{"number":"{{Version}}","build_flavor":"default","build_type":"puppylog","lucene_version":"9.12.0","minimum_wire_compatibility_version":"7.17.0","minimum_index_compatibility_version":"7.0.0"},"tagline":"You Know, for Search"}"""));
        routes.MapMethods($"{Root}/_license", any, context => SendAsync(context, """{"license":{"uid":"puppylog","type":"basic","status":"active","mode":"basic","expiry_date_in_millis":4000000000000}}"""));
        routes.MapMethods($"{Root}/_xpack", any, context => SendAsync(context, """{"license":{"uid":"puppylog","type":"basic","status":"active","mode":"basic"},"features":{"ilm":{"available":false,"enabled":false}}}"""));
        routes.MapMethods($"{Root}/_cluster/health", any, context => SendAsync(context, """{"cluster_name":"puppylog","status":"green","timed_out":false,"number_of_nodes":1,"number_of_data_nodes":1}"""));
        foreach (var known in (ReadOnlySpan<string>)["_ilm", "_index_template", "_component_template", "_template", "_ingest", "_nodes", "_logstash", "logstash", "_data_stream", "_alias", "_cat"])
        {
            routes.MapMethods($"{Root}/{known}/{{**rest}}", any, context => SendAsync(context, HttpMethods.IsGet(context.Request.Method) ? "{}" : """{"acknowledged":true}"""));
        }
    }

    public static async Task TakeBulkAsync(IngestCall call)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var bulk = new BulkLines(new(call.Batches, new JsonLineParser { Naming = call.Options.Naming }));
        bulk.Read(call.Body);
        await call.StoreAsync();
        bulk.MarkDropped(call.Batches.Processed);
        Head(call.Context, StatusCodes.Status200OK);
        await using var writer = new Utf8JsonWriter(call.Context.Response.Body);
        writer.WriteStartObject();
        writer.WriteNumber("took"u8, (long)TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        writer.WriteBoolean("errors"u8, bulk.HasErrors);
        writer.WriteStartArray("items"u8);
        foreach (var item in bulk.Items)
        {
            WriteItem(writer, item);
            if (writer.BytesPending > 16 << 10)
            {
                await writer.FlushAsync(call.Context.RequestAborted);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        Head(context, status);
        await using var writer = new Utf8JsonWriter(context.Response.Body);
        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        WriteReason(writer, status switch { 429 => "es_rejected_execution_exception", 413 => "content_too_long_exception", 503 => "unavailable_shards_exception", _ => "illegal_argument_exception" }, message);
        writer.WriteEndObject();
        writer.WriteNumber(Status, status);
        writer.WriteEndObject();
    }

    static void WriteItem(Utf8JsonWriter writer, BulkItem item)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(item.Action);
        writer.WriteNumber(Status, item switch { { Reason: not null } => StatusCodes.Status400BadRequest, { IsDropped: true } => StatusCodes.Status200OK, _ => StatusCodes.Status201Created });
        if (item.IsDropped)
        {
            // As Elasticsearch says of what a drop processor of its own took out.
            writer.WriteString("result"u8, "noop"u8);
        }

        if (item.Reason is { } reason)
        {
            writer.WriteStartObject("error"u8);
            WriteReason(writer, "document_parsing_exception", reason);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void WriteReason(Utf8JsonWriter writer, string type, string reason)
    {
        writer.WriteString("type"u8, type);
        writer.WriteString("reason"u8, reason);
    }

    static void Head(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";

        // Elastic's own shippers look for it.
        context.Response.Headers["X-Elastic-Product"] = "Elasticsearch";
    }

    static Task SendAsync(HttpContext context, string json)
    {
        Head(context, StatusCodes.Status200OK);
        context.Response.ContentLength = json.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(json);
    }
}
