using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Puppylog.App.Web;

/// <summary>Serves the web page, which needs no key: what it shows it asks the API for. Everything else goes on to the next.</summary>
sealed class WebPage(PageFiles files)
{
    /// <summary>Styles and scripts of this server's only, nothing inline; no frame, no form, no other host.</summary>
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    const string Absent = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Puppylog</title></head>
        <body><h1>Puppylog</h1>
        <p>The server runs, but was built without its web page, because Node.js was not there.</p>
        <p>To get the page, install Node.js 20.19 or later and build again: <code>dotnet publish src/Puppylog.App -c Release -o dist</code></p>
        <p>The HTTP API works all the same: <code>curl 'http://127.0.0.1:7447/select/logsql/query?query=*&amp;limit=10'</code></p>
        </body></html>

        """;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "/";
        var isView = IsView(path);
        if (!isView && files.Find(path) is null && !path.StartsWith("/assets/", StringComparison.Ordinal))
        {
            await next(context);
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
        }
        else if (isView && !files.AreThere)
        {
            Protect(context.Response);
            context.Response.ContentType = "text/html; charset=utf-8";
            await SendAsync(context, Encoding.UTF8.GetBytes(Absent));
        }
        else if (files.Find(isView ? "/index.html" : path) is { } file)
        {
            await SendAsync(context, file);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary>The addresses of the page's views, as in <c>web/src/state/address.ts</c>.</summary>
    static bool IsView(string path) => path is "/" or "/search" or "/live" or "/dashboard" or "/alerts" or "/charts" or "/sources" or "/storage";

    static Task SendAsync(HttpContext context, PageFile file)
    {
        var response = context.Response;
        Protect(response);
        response.Headers.ETag = file.ETag;
        response.Headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(file.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = file.ContentType;
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        if (Accepts(accepted, "br"))
        {
            response.Headers.ContentEncoding = "br";
            return SendAsync(context, file.Brotli);
        }

        if (Accepts(accepted, "gzip"))
        {
            response.Headers.ContentEncoding = "gzip";
            return SendAsync(context, file.Gzip);
        }

        return SendAsync(context, Unpacked(file.Gzip));
    }

    static Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>RFC 9110, section 12.5.3: named, and not with a weight of 0.</summary>
    static bool Accepts(string accepted, string coding)
    {
        foreach (var one in accepted.Split(',', StringSplitOptions.TrimEntries))
        {
            var semicolon = one.IndexOf(';', StringComparison.Ordinal);
            if ((semicolon < 0 ? one : one[..semicolon].TrimEnd()).Equals(coding, StringComparison.OrdinalIgnoreCase))
            {
                var weight = semicolon < 0 ? "" : one[(semicolon + 1)..].Replace(" ", "", StringComparison.Ordinal);
                return weight is not ("q=0" or "q=0.0" or "q=0.00" or "q=0.000");
            }
        }

        return false;
    }

    static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.XFrameOptions = "DENY";
    }

    static byte[] Unpacked(byte[] gzip)
    {
        using var unpacked = new MemoryStream();
        using (var packed = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress))
        {
            packed.CopyTo(unpacked);
        }

        return unpacked.ToArray();
    }
}
