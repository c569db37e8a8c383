using System.Globalization;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Api.Security;
using Puppylog.App.Cli.Search;
using Puppylog.App.Hosting;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Logic;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>A request for a query, while it is answered.</summary>
/// <param name="context">The request.</param>
/// <param name="state">The server.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="limits">What it may take.</param>
/// <param name="cancellation">The client has gone, the time is up, or the server ends.</param>
sealed class SelectCall(HttpContext context, ServerState state, RequestArguments arguments, QueryLimits limits, CancellationToken cancellation)
{
    readonly long _begin = state.Clock.GetTimestamp();
    readonly List<string> _notes = [];

    public HttpContext Context => context;

    public RequestArguments Arguments => arguments;

    public QueryLimits Limits => limits;

    public CancellationToken Cancellation => cancellation;

    public ServerState State => state;

    /// <summary>Nanoseconds since 1970 at the beginning.</summary>
    public long Now { get; } = Timestamps.Now(state.Clock);

    /// <summary>What is to be known of the result: estimates, blocks that are damaged. A line each.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_notes)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>The query with the range of times and the extra filters worked in.</summary>
    /// <param name="now">What durations in the query count back from, nanoseconds since 1970; null for now.</param>
    /// <exception cref="RequestException">An argument is missing, or none.</exception>
    /// <exception cref="Puppylog.Query.Syntax.LogsqlException">The query is not understood.</exception>
    public LogQuery Query(long? now = null)
    {
        RefuseUnknown();
        var query = QueryParser.Parse(arguments.Text("query") ?? throw new RequestException("the argument 'query' is missing"), now ?? Now, state.FindGroup);
        var extra = ExtraFilters.Of(arguments, now ?? Now, state.FindGroup).ToList();
        if (Caller.Of(context).Streams is { } streams)
        {
            extra.Add(streams);
        }

        var filter = extra.Count == 0 ? query.Filter : new AndFilter([.. extra, query.Filter]);
        var (start, end) = (arguments.Time("start", Now), arguments.Time("end", Now));
        return query with
        {
            Filter = SearchRequest.WithWindow(query with { Filter = filter }, start, end).Filter,
            Options = query.Options with { MaxMemory = limits.MaxMemory, OnNote = Note, OnDamage = (_, damage) => Note($"a damaged block was left out: {damage.Message}") },
        };
    }

    /// <summary>Says how long it took until here, and the notes; to be called before the answer begins.</summary>
    public void Head()
    {
        var headers = context.Response.Headers;
        headers["VL-Request-Duration-Seconds"] = state.Clock.GetElapsedTime(_begin).TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        headers["AccountID"] = "0";
        headers["ProjectID"] = "0";
        foreach (var note in Notes)
        {
            headers.Append("Puppylog-Note", Printable(note));
        }
    }

    /// <summary>A note as a header can have it.</summary>
    public static string Printable(string note) => string.Concat(note.Select(c => c is >= ' ' and <= '~' ? c : '?'));

    void Note(string note)
    {
        lock (_notes)
        {
            if (_notes.Count < 20)
            {
                _notes.Add(note);
            }
        }
    }

    /// <summary>What would change which records may be seen must not be passed over.</summary>
    void RefuseUnknown()
    {
        if (arguments.Text("hidden_fields_filters") is not null)
        {
            throw new RequestException("hidden_fields_filters is not supported: nothing would be hidden");
        }

        foreach (var header in (ReadOnlySpan<string>)["AccountID", "ProjectID"])
        {
            if (context.Request.Headers[header].ToString() is { Length: > 0 } tenant && tenant != "0")
            {
                throw new RequestException($"{header} {tenant}: there is one tenant only, 0");
            }
        }
    }
}
