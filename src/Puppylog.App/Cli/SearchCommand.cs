using System.CommandLine;
using System.Globalization;
using Puppylog.App.Cli.Search;
using Puppylog.Pipeline;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Postgres;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog search</c> and <c>puppylog tail</c>.</summary>
static class SearchCommand
{
    /// <summary>What <c>tail</c> shows before it follows, as tail(1).</summary>
    const long TailRows = 10;

    public static Command Create()
    {
        var query = new Argument<string>("QUERY") { Description = "What to look for, in LogsQL: 'status:>=500 | top 10 by (path)'" };
        var files = FileArguments.Create();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is stored from now on" };
        var command = new Command(
            "search",
            "Search the store, or files in place: all that matches, oldest first; a query's pipes say otherwise.\n\n"
            + "Examples:\n  puppylog search 'error status:>=500'\n  puppylog search '* | stats by (_time:1h, section) count() hits' -o json\n"
            + "  puppylog search 'checkout' access.log access.log.1.gz -n 20\n  puppylog search 'level:error' -n 20 --store postgres://logs@db/logs")
        {
            query, files.Names, follow, files.Format, files.Multiline,
        };
        var explain = new Option<bool>("--explain") { Description = "Do not search: say what the store's server is asked, and what is done here" };
        command.Add(explain);
        return WithAction(command, query, files, follow, explain);
    }

    public static Command CreateTail()
    {
        var query = new Argument<string>("QUERY") { Description = "What to follow, in LogsQL", DefaultValueFactory = _ => "*" };
        // As tail(1) has it, which would otherwise be the query 'not f'.
        var always = new Option<bool>("--follow", "-f") { Hidden = true };
        var command = new Command("tail", "Follow what is stored: the newest records that match (-n, 10), then those that come.\n\nExample:\n  puppylog tail 'level:error'") { query, always };
        return WithAction(command, query, null, null, null);
    }

    static Command WithAction(Command command, Argument<string> query, FileArguments? files, Option<bool>? follow, Option<bool>? explain)
    {
        var output = CommonOptions.Output("text", "json", "raw");
        var limit = new Option<string?>("--limit", "-n")
        {
            Description = follow is null ? "Begin with the newest N [default: 10]" : "Only the newest N, oldest first; of computed results the first N",
            HelpName = "N",
        };
        var since = new Option<string?>("--since") { Description = "Nothing older: a time (2026-11-21T14:00:00Z), a date, or a duration back from now (5m, 2h, 1d)", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Nothing from this time on, written the same way", HelpName = "TIME" };
        var data = CommonOptions.Data();
        var memory = new Option<string>("--max-query-memory") { Description = "Memory that a query may take; one that needs more ends with an error", HelpName = "SIZE", DefaultValueFactory = _ => "256MiB" };
        var store = StoreOption.Create();
        foreach (var option in new Option[] { output, limit, since, until, data, store, memory })
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var now = Timestamps.Now(clock);
            var damage = new DamageReport();
            var address = StoreOption.In(parsed, store, data);
            var parsedQuery = SearchRequest.WithWindow(
                QueryParser.Parse(parsed.GetValue(query)!, now, address is null ? StoreGroups.Finder(parsed.GetValue(data)!) : StoreOption.FindGroup), Time(parsed.GetValue(since), "--since", now), Time(parsed.GetValue(until), "--until", now));
            var isTail = follow is null;
            var request = new SearchRequest(
                parsedQuery with { Options = new QueryOptions { MaxMemory = Bytes(parsed.GetValue(memory)!), OnDamage = damage.Add, OnNote = note => Console.Error.WriteLine($"puppylog: {note}") } },
                parsed.GetValue(output)!,
                Count(parsed.GetValue(limit)) ?? (isTail ? TailRows : null),
                isTail || parsed.GetValue(follow!));
            var place = (address, parsed.GetValue(data)!);
            if (explain is not null && parsed.GetValue(explain))
            {
                return await ExplainAsync(request, files?.NamesIn(parsed) ?? [], place, clock, cancellationToken);
            }

            return await RunAsync(request, files?.NamesIn(parsed) ?? [], files?.FormatIn(parsed) ?? LineFormat.Automatic, place, damage, clock, cancellationToken);
        });
        return command;
    }

    static async Task<int> RunAsync(SearchRequest request, string[] files, LineFormat format, (string? Address, string Directory) place, DamageReport damage, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Follow && files.Length > 0)
        {
            throw new OptionException("--follow follows the store, not files: run 'puppylog collect --watch -s FILE' beside 'puppylog tail', or 'puppylog monitor -s FILE'");
        }

        if (request.Follow && !request.IsRowwise)
        {
            var pipe = request.Query.Pipes.First(pipe => pipe is not RowwisePipe);
            throw new OptionException($"'{pipe}' needs all records, and --follow has no end: follow with pipes that take each record alone, such as filter, fields and unpack_json");
        }

        if (place.Address is not null && files.Length > 0)
        {
            throw new OptionException("--store names a store, and the query is run on files in place: leave one of them out");
        }

        using var output = OutputBuffer.OpenStandardOutput();
        var writer = request.CreateWriter(output);
        var readable = true;
        try
        {
            if (files.Length > 0)
            {
                readable = await FileSearch.RunAsync(request, files, format, writer, clock, cancellationToken);
            }
            else
            {
                await using var store = await OpenAsync(place, clock, cancellationToken);
                await StoreSearch.RunAsync(request, store, writer, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (request.Follow && cancellationToken.IsCancellationRequested)
        {
            await damage.WriteAsync(Console.Error);
            return damage.Any ? ExitCode.Error : ExitCode.Done;
        }

        await damage.WriteAsync(Console.Error);
        return !readable || damage.Any ? ExitCode.Error : request.Follow || writer.HasRows || output.IsClosed ? ExitCode.Done : ExitCode.Nothing;
    }

    static async Task<int> ExplainAsync(SearchRequest request, string[] files, (string? Address, string Directory) place, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (files.Length > 0)
        {
            throw new OptionException("--explain says how a store is searched: leave the files out");
        }

        await using var store = await OpenAsync(place, clock, cancellationToken);
        Console.Out.WriteLine(store.Explain(request.LimitedQuery));
        return ExitCode.Done;
    }

    static async Task<ILogStore> OpenAsync((string? Address, string Directory) place, TimeProvider clock, CancellationToken cancellationToken) =>
        place.Address is { } address
            ? await PostgresStore.OpenAsync(address, clock, cancellationToken)
            : await EmbeddedStore.OpenReaderAsync(place.Directory, clock, cancellationToken);

    static long? Time(string? text, string option, long now) =>
        text is null ? null
        : TimeBound.TryParse(text, now, out var time) ? time
        : throw new OptionException($"{option} takes a time such as 2026-11-21T14:00:00Z, a date or a duration such as 5m, not '{text}'");

    static long? Count(string? text) =>
        text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new OptionException($"--limit takes a whole number from 0 on, not '{text}'");

    static long Bytes(string text) =>
        Bucket.TryStep(text, out var bytes) && bytes >= 1 && !text.EndsWith('s') && !text.EndsWith('m') && !text.EndsWith('h')
            ? (long)bytes
            : throw new OptionException($"--max-query-memory takes a size such as 256MiB, not '{text}'");
}
