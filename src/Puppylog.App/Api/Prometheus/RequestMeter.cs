using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Puppylog.Diagnostics;

namespace Puppylog.App.Api.Prometheus;

/// <summary>Counts requests by the route that answers them, and times queries. Safe for several threads.</summary>
/// <param name="clock">Times them.</param>
sealed class RequestMeter(TimeProvider clock)
{
    /// <summary>Of requests that no route answers.</summary>
    const string NoRoute = "none";

    readonly ConcurrentDictionary<(string Method, string Path, int Status), long> _requests = new();
    readonly ConcurrentDictionary<string, DurationHistogram> _queries = new(StringComparer.Ordinal);
    int _tails;

    public IEnumerable<KeyValuePair<(string Method, string Path, int Status), long>> Requests => _requests.OrderBy(request => request.Key.Path, StringComparer.Ordinal).ThenBy(request => request.Key);

    /// <summary>By path.</summary>
    public IEnumerable<KeyValuePair<string, DurationHistogram>> Queries => _queries.OrderBy(query => query.Key, StringComparer.Ordinal);

    /// <summary>Clients that follow records at the moment.</summary>
    public int Tails => Volatile.Read(ref _tails);

    /// <summary>Outermost: counts also what is refused before it is routed.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var begin = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var path = PathOf(context);
            _requests.AddOrUpdate((MethodOf(context.Request.Method), path, context.Response.StatusCode), 1, static (_, count) => count + 1);
            if (IsQuery(path))
            {
                _queries.GetOrAdd(path, static _ => new()).Add(clock.GetElapsedTime(begin));
            }
        }
    }

    /// <summary>Behind the routing: counts those that are there now.</summary>
    public async Task FollowAsync(HttpContext context, RequestDelegate next)
    {
        var isTail = IsTail(PathOf(context));
        if (isTail)
        {
            Interlocked.Increment(ref _tails);
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (isTail)
            {
                Interlocked.Decrement(ref _tails);
            }
        }
    }

    static bool IsTail(string path) => path.EndsWith("/tail", StringComparison.Ordinal);

    static bool IsQuery(string path) =>
        !IsTail(path) && (path.StartsWith("/select/", StringComparison.Ordinal) || path.StartsWith("/customers/", StringComparison.Ordinal) || path.StartsWith("/stats/", StringComparison.Ordinal));

    static string PathOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;

    /// <summary>Strangers cannot make up names.</summary>
    static string MethodOf(string method) => method is "GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "PATCH" or "OPTIONS" ? method : "other";
}
