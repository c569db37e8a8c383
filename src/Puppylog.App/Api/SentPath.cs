using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Puppylog.App.Api;

/// <summary>The path of a request as it was sent: the framework leaves <c>%2F</c> as it is, and takes dots and slashes for its own.</summary>
static class SentPath
{
    /// <summary>What stands behind the beginning of the path, still escaped; null where the path that was sent begins otherwise.</summary>
    public static string? Behind(HttpContext context, string root)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            // Of a proxy: http://host/logs/…
            target = target.IndexOf('/', scheme + 3) is > 0 and var path ? target[path..] : "";
        }

        var end = target.AsSpan().IndexOfAny('?', '#');
        return target.StartsWith(root, StringComparison.Ordinal) ? (end < 0 ? target : target[..end])[root.Length..] : null;
    }
}
