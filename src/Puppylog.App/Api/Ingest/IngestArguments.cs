using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Puppylog.Intake;
using Puppylog.Parsing.Json;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// The parameters of VictoriaLogs' ingest endpoints: from the address, or else from headers
/// (https://docs.victoriametrics.com/victorialogs/data-ingestion/#http-parameters). The body is never taken for a form.
/// </summary>
static class IngestArguments
{
    /// <exception cref="IngestException">One of them cannot be followed.</exception>
    public static IntakeOptions Read(HttpRequest request)
    {
        RefuseUnknown(request);
        return new()
        {
            Naming = new(List(request, "_time_field", "VL-Time-Field"), List(request, "_msg_field", "VL-Msg-Field")),
            StreamFields = List(request, "_stream_fields", "VL-Stream-Fields") is { IsEmpty: false } fields ? fields : null,
            IgnoredFields = List(request, "ignore_fields", "VL-Ignore-Fields"),
            ExtraFields = [.. List(request, "extra_fields", "VL-Extra-Fields").Select(Pair)],
            KeepsMessages = Flag(request, "disable_message_parsing", "VL-Loki-Disable-Message-Parsing"),
        };
    }

    public static string? Text(HttpRequest request, string name, string header) =>
        request.Query[name].ToString() is { Length: > 0 } text ? text
        : request.Headers[header].ToString() is { Length: > 0 } other ? other
        : null;

    static ImmutableArray<string> List(HttpRequest request, string name, string header) =>
        [.. (Text(request, name, header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    static bool Flag(HttpRequest request, string name, string header) => Text(request, name, header) is "1" or "true";

    static KeyValuePair<string, string> Pair(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var value] ? new(name, value)
        : throw new IngestException(StatusCodes.Status400BadRequest, $"extra_fields takes name=value,name=value; not '{text}'");

    /// <summary>What would change where records go, or whether they are stored, must not be passed over.</summary>
    static void RefuseUnknown(HttpRequest request)
    {
        foreach (var header in (ReadOnlySpan<string>)["AccountID", "ProjectID"])
        {
            if (request.Headers[header].ToString() is { Length: > 0 } tenant && tenant != "0")
            {
                throw new IngestException(StatusCodes.Status400BadRequest, $"{header} {tenant}: there is one tenant only, 0");
            }
        }

        if (Flag(request, "debug", "VL-Debug"))
        {
            throw new IngestException(StatusCodes.Status400BadRequest, "debug is not supported: nothing would be stored; send it without, and look with /select/logsql/query");
        }
    }
}
