using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Puppylog.Intake;
using Puppylog.Parsing.Json;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// <c>/v1/logs</c> (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response): 200 with an ExportLogsServiceResponse, whose
/// partial success says how many records are not stored; a Status where nothing is. In the encoding of the request.
/// </summary>
static class OtlpAnswers
{
    const string Protobuf = "application/x-protobuf";
    const int InvalidArgument = 3;
    const int Unavailable = 14;

    public static async Task TakeAsync(IngestCall call)
    {
        Read(call);
        await call.StoreAsync();
        var rejected = call.Batches.Rejections;
        var message = rejected.Count == 0 ? null : string.Join("; ", rejected.First.Select(entry => $"record {entry.Index}: {entry.Reason}"));
        await SendAsync(call.Context, StatusCodes.Status200OK, IsProtobuf(call.Context), PartialSuccess(rejected.Count, message), writer =>
        {
            if (message is not null)
            {
                writer.WriteStartObject("partialSuccess"u8);
                writer.WriteString("rejectedLogRecords"u8, rejected.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
                writer.WriteString("errorMessage"u8, message);
                writer.WriteEndObject();
            }
        });
    }

    public static Task RefuseAsync(HttpContext context, int status, string message)
    {
        var code = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? Unavailable : InvalidArgument;
        List<byte> bytes = [];
        PutNumber(bytes, 1, code);
        PutText(bytes, 2, Encoding.UTF8.GetBytes(message));
        return SendAsync(context, status, IsProtobuf(context), bytes, writer =>
        {
            writer.WriteNumber("code"u8, code);
            writer.WriteString("message"u8, message);
            writer.WriteString("error"u8, message);
        });
    }

    static void Read(IngestCall call)
    {
        var writer = new RecordWriter(call.Batches, new JsonLineParser { ReplaceTimes = true, Naming = call.Options.Naming }, takesApart: true);
        var logs = new OtlpLogs(call.Batches, writer, sharesStream: call.Options.StreamFields is null);
        var body = call.Body;
        logs.Read(IsJson(call.ContentType, body) ? new OtlpJson().Write(body) : body);
    }

    /// <summary>By its type; else by its first bytes: no message begins with a brace, and one that begins as a line does is told by its end.</summary>
    static bool IsJson(string type, ReadOnlySpan<byte> body) => type.Contains("json", StringComparison.Ordinal)
        || (!type.Contains("protobuf", StringComparison.Ordinal) && body.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] && body.TrimEnd(" \t\r\n"u8) is [.., (byte)'}']);

    static bool IsProtobuf(HttpContext context) => (context.Request.ContentType ?? "").Contains("protobuf", StringComparison.OrdinalIgnoreCase);

    static List<byte> PartialSuccess(long rejected, string? message)
    {
        List<byte> answer = [];
        if (message is not null)
        {
            List<byte> partial = [];
            PutNumber(partial, 1, rejected);
            PutText(partial, 2, Encoding.UTF8.GetBytes(message));
            PutText(answer, 1, [.. partial]);
        }

        return answer;
    }

    static void PutNumber(List<byte> bytes, int field, long value)
    {
        bytes.Add((byte)(field << 3));
        PutVarint(bytes, (ulong)value);
    }

    static void PutText(List<byte> bytes, int field, byte[] text)
    {
        bytes.Add((byte)((field << 3) | 2));
        PutVarint(bytes, (ulong)text.Length);
        bytes.AddRange(text);
    }

    static void PutVarint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    static async Task SendAsync(HttpContext context, int status, bool isProtobuf, List<byte> message, Action<Utf8JsonWriter> write)
    {
        ReadOnlyMemory<byte> body;
        if (isProtobuf)
        {
            body = message.ToArray();
        }
        else
        {
            var bytes = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(bytes);
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
            writer.Flush();
            body = bytes.WrittenMemory;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = isProtobuf ? Protobuf : "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
