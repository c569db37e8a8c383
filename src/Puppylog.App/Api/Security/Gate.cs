using System.Net;
using Microsoft.AspNetCore.Http;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Security;

/// <summary>
/// Lets in who may what is asked, and nobody from a page of somewhere else: browsers send cookies and reach this machine for
/// any page, hence what comes from another origin is refused, and names that only lead here (DNS rebinding) are, too.
/// </summary>
sealed class Gate(Access access, AuditLog audit)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (IsForeign(request))
        {
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, new("pages of other origins may not use this server"));
            return;
        }

        var need = Need.Of(request.Method, request.Path);
        if (need.Role is not { } role)
        {
            await next(context);
            return;
        }

        headers.CacheControl = "no-store";
        if (await AdmitAsync(context, role, need.ShowsStreams) is { } caller)
        {
            context.Features.Set(caller);
            await next(context);
            if (role == ApiRole.Admin)
            {
                audit.Add(context, caller.Name);
            }
        }
        else if (role == ApiRole.Admin)
        {
            audit.Add(context, null);
        }
    }

    /// <summary>Null where the request was refused.</summary>
    async Task<Caller?> AdmitAsync(HttpContext context, ApiRole role, bool showsStreams)
    {
        Caller? caller;
        try
        {
            if (!access.IsRequired)
            {
                if (IsNamed(context))
                {
                    await Answers.RefuseAsync(
                        context, StatusCodes.Status403Forbidden, new($"this server asks for no key, and hence answers only to the names of this machine, not to '{context.Request.Host}': make a key ('puppylog keys create …')"));
                    return null;
                }

                return Caller.Anybody;
            }

            caller = access.Find(context.Request.Headers.Authorization.ToString());
        }
        catch (LogStoreException e)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, new($"the keys cannot be read: {e.Message}"));
            return null;
        }

        if (caller is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Answers.RefuseAsync(context, StatusCodes.Status401Unauthorized, new(access.Refusal));
            return null;
        }

        if (!caller.May(role))
        {
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, new($"the key '{caller.Name}' is for {Name(caller.Role)}; this needs one for {Name(role)}"));
            return null;
        }

        if (caller.Streams is not null && !showsStreams)
        {
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, new($"the key '{caller.Name}' sees some streams only, and this tells of all: ask /select/…, /logs/…, /customers/…, /stats/… or /api/v1/tail, or take a key without --streams"));
            return null;
        }

        return caller;
    }

    /// <summary>True where a browser says that a page of another origin sends this.</summary>
    static bool IsForeign(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            ? !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase))
            : request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" && !HttpMethods.IsGet(request.Method);
    }

    /// <summary>True where a request comes over this machine's own address by a name that is not its own.</summary>
    static bool IsNamed(HttpContext context) =>
        context.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local) && context.Request.Host.Host is { Length: > 0 } host
        && !IPAddress.TryParse(host.Trim('[', ']'), out _) && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    static string Name(ApiRole role) => role switch { ApiRole.Ingest => "sending records", ApiRole.Read => "reading", _ => "administration" };
}
