using System.Buffers;

namespace Puppylog.Parsing.Access;

/// <summary>Takes a logged request line apart. Joined by single spaces the parts are the line again.</summary>
static class RequestLine
{
    /// <summary>The characters of a method: <c>tchar</c> of RFC 9110, section 5.6.2.</summary>
    static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <param name="request">The text between the quotes, as logged.</param>
    /// <param name="methodEnd">Where the method ends; the route begins one further.</param>
    /// <param name="routeEnd">Where the route ends; the protocol, if there is one, begins one further.</param>
    public static RequestKind Split(ReadOnlySpan<byte> request, out int methodEnd, out int routeEnd)
    {
        routeEnd = request.Length;
        methodEnd = request.IndexOf((byte)' ');
        if (methodEnd <= 0 || !IsToken(request[..methodEnd]))
        {
            return RequestKind.Other;
        }

        var lastSpace = request.LastIndexOf((byte)' ');
        var route = request[(methodEnd + 1)..];
        if (lastSpace == methodEnd)
        {
            return route is [(byte)'/', ..] || route.IndexOf("://"u8) > 0 ? RequestKind.WithoutProtocol : RequestKind.Other;
        }

        routeEnd = lastSpace;
        route = request[(methodEnd + 1)..lastSpace];
        var protocol = request[(lastSpace + 1)..];
        if (route.IsEmpty || protocol.IsEmpty)
        {
            return RequestKind.Other;
        }

        // Clients do send routes with spaces; only a protocol that is certainly one says where such a route ends.
        return protocol.StartsWith("HTTP/"u8) || !route.Contains((byte)' ') ? RequestKind.Http : RequestKind.Other;
    }

    static bool IsToken(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("GET"u8) || method.SequenceEqual("POST"u8) || method.IndexOfAnyExcept(TokenBytes) < 0;
}
