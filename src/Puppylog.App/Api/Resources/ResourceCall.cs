using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Puppylog.App.Api.Select;
using Puppylog.App.Cli.Store;
using Puppylog.App.Hosting;
using Puppylog.Configuration;
using Puppylog.Records;

namespace Puppylog.App.Api.Resources;

/// <summary>A request for a resource, while it is answered.</summary>
/// <param name="context">The request.</param>
/// <param name="state">The server.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="cancellation">The client has gone, the time is up, or the server ends.</param>
sealed class ResourceCall(HttpContext context, ServerState state, RequestArguments arguments, CancellationToken cancellation)
{
    /// <summary>Places in a body are counted by looking at all of it: it has to be small.</summary>
    const int MaxBody = 64 << 10;

    public static Task AnswerAsync(AnswerDesk desk, HttpContext context, Pace pace, Func<ResourceCall, Task> answer) =>
        desk.AnswerAsync(context, pace, (arguments, cancellation) => answer(new(context, desk.State, arguments, cancellation)));

    public HttpContext Context => context;

    public ServerState State => state;

    public RequestArguments Arguments => arguments;

    public CancellationToken Cancellation => cancellation;

    public string Directory => state.Directory!;

    /// <summary>Nanoseconds since 1970 at the beginning.</summary>
    public long Now { get; } = Timestamps.Now(state.Clock);

    /// <summary>Seconds since 1970 at the beginning.</summary>
    public long Second => Now / Timestamps.Second;

    public BodyReader Bodies => new(Now);

    /// <summary>Who asks, for those who read of it later.</summary>
    public string Caller => $"{Security.Caller.Of(context).Name ?? "api"}@{Environment.MachineName}";

    /// <summary>What the address names.</summary>
    public string Id => Route("id");

    /// <summary>A part of the address.</summary>
    public string Route(string name) => context.GetRouteValue(name) as string ?? "";

    /// <summary>Nanoseconds since 1970: <c>start</c> and <c>end</c>; everything where they are not given.</summary>
    /// <exception cref="RequestException">They are none, or the wrong way round.</exception>
    public (long Start, long End) Range()
    {
        var (start, end) = (arguments.Time("start", Now) ?? long.MinValue, arguments.Time("end", Now) ?? long.MaxValue);
        return start < end ? (start, end) : throw new RequestException("start has to lie before end");
    }

    /// <summary>How many; the last ones.</summary>
    public int Limit(int usual) => (int)Math.Min(arguments.Count("limit") ?? usual, int.MaxValue);

    /// <exception cref="RequestException">It is said to be no JSON, or is too long.</exception>
    public async Task<byte[]> ReadBodyAsync()
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        // Pages of other hosts can send a form or a text without being asked, but no JSON.
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "the body must be JSON: send it with 'Content-Type: application/json'");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    /// <exception cref="RequestException">The body is of another than the address: names do not change.</exception>
    public void RequireSame(string id)
    {
        if (id != Id)
        {
            throw new RequestException($"the address names '{Id}', and the body '{id}': a name stays; make another one with POST, and delete this one");
        }
    }

    /// <param name="status">Of the answer.</param>
    /// <param name="json">An object, as the commands print it.</param>
    public Task SendAsync(int status, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json.TrimEnd('\n'));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, cancellation).AsTask();
    }

    /// <summary>Sends an object with a list of those that the commands print one a line.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="lines">The objects.</param>
    /// <param name="more">Members of the object beside the list, each with a comma before it.</param>
    public Task SendListAsync(string name, string lines, string more = "") =>
        SendAsync(StatusCodes.Status200OK, $"{{\"{name}\":[{lines.TrimEnd('\n').Replace('\n', ',')}]{more}}}");

    /// <param name="id">What is no longer there.</param>
    /// <param name="note">What is to be known of that.</param>
    public Task SendDeletedAsync(string id, string? note = null) => SendAsync(StatusCodes.Status200OK, JsonLine.Write(json =>
    {
        json.WriteString("deleted", id);
        json.WriteOptional("note", note);
    }));
}
