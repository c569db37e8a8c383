using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Puppylog.App.Api.Reference;

/// <summary><c>/openapi.json</c>, the whole API as OpenAPI 3.1 describes it, and <c>/docs</c>, a page to try it. They hold nothing, and ask for no key.</summary>
static class ReferenceEndpoints
{
    /// <summary>Styles and scripts of this server's only, nothing inline; no frame, no form, no other host.</summary>
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi.json", context => SendAsync(context, "openapi.json", "application/json"));
        routes.MapGet("/docs", context => SendAsync(context, "docs.html", "text/html; charset=utf-8"));
        routes.MapGet("/docs/{name}", context => context.GetRouteValue("name") switch
        {
            "docs.js" => SendAsync(context, "docs.js", "text/javascript; charset=utf-8"),
            "docs.css" => SendAsync(context, "docs.css", "text/css; charset=utf-8"),
            var name => Answers.RefuseAsync(context, StatusCodes.Status404NotFound, new($"there is no '{name}'; /docs is the page")),
        });
    }

    /// <summary>A file that is built into the program.</summary>
    public static Stream Open(string name) => typeof(ReferenceEndpoints).Assembly.GetManifestResourceStream($"reference/{name}")!;

    static async Task SendAsync(HttpContext context, string name, string type)
    {
        using var file = Open(name);
        var response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        response.ContentType = type;
        response.ContentLength = file.Length;
        await file.CopyToAsync(response.Body, context.RequestAborted);
    }
}
