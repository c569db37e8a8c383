using System.CommandLine;
using Puppylog.App.Api.Security;
using Puppylog.App.Cli.Store;
using Puppylog.Configuration;
using Puppylog.Query;
using Puppylog.Query.Filters.Streams;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Keys;

/// <summary><c>puppylog keys</c>.</summary>
static class KeysCommand
{
    const string Description = """
        List the API keys of a server: who may send records to it, ask it, or administer it.

        A server of whose store there are keys lets nobody in without one, from this machine either. Keys are sent as
        'Authorization: Bearer KEY', or as the password of Basic. One that is made or revoked counts within a second.

        Examples:
          puppylog keys
          puppylog keys create web1 --role ingest
          puppylog keys create anna --role read --streams '{application_name="shop"}' --expires 90d
          puppylog keys revoke anna
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("keys", Description) { data, output, CreateCreate(), CreateRevoke() };
        command.SetAction(async parsed =>
        {
            var keys = StoreKeys.List(parsed.GetRequiredValue(data));
            var now = Timestamps.Now(TimeProvider.System);
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? KeysText.Json(keys) : KeysText.Table(keys, now));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateCreate()
    {
        var name = new Argument<string>("NAME") { Description = "Whose it is: letters, digits, '_', '-' and '.'" };
        var role = new Option<string>("--role") { Description = "ingest: send records; read: ask and follow; admin: everything", HelpName = "ingest|read|admin", Required = true };
        role.AcceptOnlyFromAmong("ingest", "read", "admin");
        var streams = new Option<string?>("--streams") { Description = "The only streams that a key for reading sees: {label=\"value\"}", HelpName = "SELECTOR" };
        var expires = new Option<string?>("--expires") { Description = "After which it is none: 90d, 12h", HelpName = "DURATION" };
        var data = CommonOptions.Data();
        var command = new Command("create", "Make a key and show it, this once.\n\nExample:\n  puppylog keys create web1 --role ingest") { name, role, streams, expires, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            var now = Timestamps.Now(TimeProvider.System);
            var secret = ApiKey.Generate();
            var asked = parsed.GetRequiredValue(role) switch { "ingest" => ApiRole.Ingest, "read" => ApiRole.Read, _ => ApiRole.Admin };
            var key = new ApiKey(
                Name(parsed.GetRequiredValue(name)), ApiKey.HashOf(secret), asked, Streams(parsed.GetValue(streams), asked), now, Expires(parsed.GetValue(expires), now));
            // Makes the store where there is none, and brings an older one up to date.
            await using (var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(TimeProvider.System), cancellationToken))
            {
                StoreKeys.Add(directory, key);
            }

            Audit(directory, $"keys create {key.Name}");
            await Console.Out.WriteLineAsync(secret);
            await Console.Error.WriteLineAsync($"Keep it: it is not shown again. 'curl -H \"Authorization: Bearer …\"' uses it, 'puppylog keys revoke {key.Name}' ends it.");
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateRevoke()
    {
        var name = new Argument<string>("NAME") { Description = "The key's name" };
        var data = CommonOptions.Data();
        var command = new Command("revoke", "End a key, at once.\n\nExample:\n  puppylog keys revoke web1") { name, data };
        command.SetAction(parsed =>
        {
            var (key, directory) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(data));
            if (StoreKeys.List(directory).All(known => known.Name != key) || !StoreKeys.Revoke(directory, key))
            {
                throw new UsageException($"there is no key '{key}'; 'puppylog keys' lists them");
            }

            Audit(directory, $"keys revoke {key}");
            return StoreKeys.List(directory).Count == 0 ? Warn(key) : ExitCode.Done;
        });
        return command;
    }

    /// <summary>Whoever takes the last key away opens the server.</summary>
    static int Warn(string key)
    {
        Console.Error.WriteLine($"'{key}' was the last key: a server on this machine's own address now lets in anybody on this machine.");
        return ExitCode.Done;
    }

    static void Audit(string directory, string action) =>
        new AuditLog(AuditLog.FileIn(directory), TimeProvider.System, notice => Console.Error.WriteLine($"puppylog: {notice}")).Add(Environment.UserName, action, null, null);

    static string Name(string name) => GroupConfiguration.IsName(name) ? name : throw new OptionException($"a key's name has letters, digits, '_', '-' and '.', not '{name}'");

    static string? Streams(string? selector, ApiRole role)
    {
        if (selector is null)
        {
            return null;
        }

        if (role != ApiRole.Read)
        {
            throw new OptionException("--streams goes with --role read");
        }

        return QueryParser.Parse(selector, 0) is { Filter: StreamFilter, Pipes.IsEmpty: true }
            ? selector
            : throw new OptionException($"--streams takes a stream selector like '{{application_name=\"shop\"}}', not '{selector}'");
    }

    static long? Expires(string? duration, long now) => duration is null ? null
        : Durations.TryParse(duration, out var nanoseconds) && nanoseconds > 0 ? TimeText.Add(now, nanoseconds)
        : throw new OptionException($"--expires takes a duration such as 90d, not '{duration}'");
}
