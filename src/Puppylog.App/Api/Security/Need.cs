using Microsoft.AspNetCore.Http;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Security;

/// <summary>What a request asks of whoever sends it.</summary>
/// <param name="Role">The role; null where anybody may.</param>
/// <param name="ShowsStreams">True where the answer is narrowed to the streams of a key that sees not all of them.</param>
readonly record struct Need(ApiRole? Role, bool ShowsStreams)
{
    static readonly string[] Intake = ["/insert", "/loki", "/v1/logs", "/api/v1/agents"];
    static readonly string[] Narrowed = ["/select", "/api/v1/tail"];
    static readonly string[] Asking = ["/logs", "/customers", "/stats", "/status", "/metrics"];
    static readonly string[] AskingNarrowed = ["/logs", "/customers", "/stats"];

    /// <summary>A path that is none of the server's data is the page's, which anybody may have: it holds nothing.</summary>
    public static Need Of(string method, PathString path)
    {
        if (Array.Exists(Intake, start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
        {
            return new(ApiRole.Ingest, false);
        }

        if (Array.Exists(Narrowed, start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
        {
            return new(ApiRole.Read, true);
        }

        var asks = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        if (Array.Exists(Asking, start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
        {
            return asks
                ? new(ApiRole.Read, Array.Exists(AskingNarrowed, start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase)))
                : new(ApiRole.Admin, false);
        }

        // A preview computes and keeps nothing.
        return !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? default
            : new(asks || path.Value!.EndsWith("/preview", StringComparison.Ordinal) ? ApiRole.Read : ApiRole.Admin, false);
    }
}
