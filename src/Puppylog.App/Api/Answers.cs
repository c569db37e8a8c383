using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Puppylog.Forwarding;

namespace Puppylog.App.Api;

/// <summary>Answers in JSON.</summary>
static class Answers
{
    /// <summary>Quotes and letters of other languages stay as they are: what is sent is JSON, never a part of a page.</summary>
    static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task SendAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        var body = bytes.WrittenMemory;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task RefuseAsync(HttpContext context, int status, Refusal refusal, int? retryAfterSeconds = null)
    {
        if (retryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return SendAsync(context, status, refusal, ForwardingJson.Default.Refusal);
    }
}
