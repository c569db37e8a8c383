using System.CommandLine;
using System.CommandLine.Parsing;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog bootstrap</c>.</summary>
static class BootstrapCommand
{
    const string Description = """
        Make the tables of a PostgreSQL or TimescaleDB database that is to hold logs, or bring them up to date.

        Run again, it changes nothing. The database must exist ('createdb logs'), and where TimescaleDB is to be
        used, its extension ('CREATE EXTENSION timescaledb').

        Examples:
          puppylog bootstrap --store postgres://logs@db.example.com/logs
          PGHOST=db PGDATABASE=logs puppylog bootstrap --store postgres
          puppylog bootstrap --store postgres://logs@db/logs --compress-after 7d --retain 90d
                                                                   TimescaleDB: compress after a week, drop after 90 days
          puppylog bootstrap --store postgres://logs@db/logs --index message data
                                                                   make words of messages and members of data quick to find
        """;

    public static Command Create()
    {
        var store = StoreOption.Create();
        store.Required = true;
        var compress = Age("--compress-after", "TimescaleDB: compress chunks when they are that old (7d)");
        var retain = Age("--retain", "TimescaleDB: drop chunks when they are that old (90d)");
        var chunk = Age("--chunk-interval", "TimescaleDB: how much time a chunk holds, from now on (1d where this is not given; 1h for tens of millions of rows a day)");
        var distributed = new Option<bool>("--distributed") { Description = "Distributed hypertables, where the server has them (TimescaleDB 2.0 to 2.13)" };
        var index = new Option<string[]>("--index")
        {
            Description = "Further indexes, which make storing slower: message (words and parts of messages, with pg_trgm), data (members of data)",
            HelpName = "message|data",
            AllowMultipleArgumentsPerToken = true,
        };
        index.TakeOnly("message", "data");
        var command = new Command("bootstrap", Description) { store, compress, retain, chunk, index, distributed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var indexes = parsed.GetValue(index) ?? [];
            var options = new BootstrapOptions(
                parsed.GetValue(distributed), parsed.GetValue(compress), parsed.GetValue(retain), parsed.GetValue(chunk), indexes.Contains("message"), indexes.Contains("data"));
            foreach (var line in await Bootstrap.RunAsync(StoreOption.Checked(parsed.GetValue(store)!), options, cancellationToken))
            {
                await Console.Out.WriteLineAsync(line);
            }

            return ExitCode.Done;
        });
        return command;
    }

    static Option<TimeSpan?> Age(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "AGE" };
        option.CustomParser = result => Parse(name, result);
        return option;
    }

    static TimeSpan? Parse(string name, ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (RetentionText.TryParseAge(text, out var age) && age > TimeSpan.Zero)
        {
            return age;
        }

        result.AddError($"{name} takes an age such as 7d, 12h or 4w, not '{text}'");
        return null;
    }
}
