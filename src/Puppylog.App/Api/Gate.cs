using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Puppylog.Forwarding;

namespace Puppylog.App.Api;

/// <summary>Lets in who shows the token. Whether the server lives may be asked by anybody.</summary>
sealed class Gate(string? token)
{
    const string Scheme = "Bearer ";

    readonly byte[]? _token = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_token is null || context.Request.Path.Value is "/health" or "/ready" || Shows(context.Request.Headers.Authorization.ToString()))
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Answers.RefuseAsync(context, StatusCodes.Status401Unauthorized, new Refusal("the token is missing or another one"));
    }

    // By way of hashes: how long it takes tells nothing.
    bool Shows(string header) => header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), _token);
}
