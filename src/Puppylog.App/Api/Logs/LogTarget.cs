using Microsoft.AspNetCore.Http;

namespace Puppylog.App.Api.Logs;

/// <summary>What <c>/logs/…</c> asks for: the records of a file, or those of a field's value.</summary>
/// <param name="Field">The field; null for a file.</param>
/// <param name="Value">Its value, or the file's path.</param>
readonly record struct LogTarget(string? Field, string Value)
{
    const string Root = "/logs/";

    /// <summary>
    /// A path is in the address as it was sent only: what the framework makes of it has other slashes and dots. Requests for
    /// logs go to the route of a field or that of a file.
    /// </summary>
    public static Task RouteAsync(HttpContext context, RequestDelegate next)
    {
        if (Sent(context) is { } sent)
        {
            context.Request.Path = Parse(sent) is { Field: not null } ? Root + "_/_" : Root + "_";
        }

        return next(context);
    }

    /// <summary>Null where neither is named.</summary>
    public static LogTarget? Of(HttpContext context) => Sent(context) is { } sent ? Parse(sent) : null;

    /// <param name="sent">What stands behind <c>/logs/</c>, as it was sent.</param>
    public static LogTarget? Parse(string sent)
    {
        if (sent.StartsWith('/') || sent.StartsWith("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return new(null, Uri.UnescapeDataString(sent));
        }

        var slash = sent.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash + 1 < sent.Length ? new(Uri.UnescapeDataString(sent[..slash]), Uri.UnescapeDataString(sent[(slash + 1)..])) : null;
    }

    static string? Sent(HttpContext context) => SentPath.Behind(context, Root);
}
