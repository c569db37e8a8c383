using System.CommandLine;
using System.Globalization;
using Puppylog.App.Cli.Store;
using Puppylog.Configuration;
using Puppylog.Query;
using Puppylog.Query.Filters.Streams;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Streams;

/// <summary><c>puppylog groups</c>.</summary>
static class GroupsCommand
{
    const string Description = """
        List the groups: named sets of streams, which stand in a query as _group:NAME. The configuration names groups, too.

        Records, rate, last record, position and lag are those of its streams together.

        Examples:
          puppylog groups
          puppylog groups create shop --match '{application_name="shop"}'
          puppylog search '_group:shop level:error'
          puppylog groups delete shop
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("groups", Description) { data, output, CreateCreate(), CreateDelete() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = parsed.GetRequiredValue(data);
            await using var store = await EmbeddedStore.OpenReaderAsync(directory, TimeProvider.System, cancellationToken);
            var rows = await StreamList.ReadGroupsAsync(store, directory, TimeProvider.System, cancellationToken);
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? StreamText.Json(rows, "group") : StreamText.Table(rows, "group"));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateCreate()
    {
        var name = new Argument<string>("NAME") { Description = "Letters, digits, '_', '-' and '.'" };
        var match = new Option<string>("--match") { Description = "Which streams it has: {label=\"value\"}, also !=, =~, !~, in (…), and or between several", HelpName = "SELECTOR", Required = true };
        var data = CommonOptions.Data();
        var command = new Command("create", "Make a group, or give it another selector.\n\nExample:\n  puppylog groups create shop --match '{application_name=\"shop\"}'") { name, match, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (group, selector, directory) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(match), parsed.GetRequiredValue(data));
            if (!GroupConfiguration.IsName(group))
            {
                throw new OptionException($"a group's name has letters, digits, '_', '-' and '.', not '{group}'");
            }

            var now = Timestamps.Now(TimeProvider.System);
            if (QueryParser.Parse(selector, now) is not { Filter: StreamFilter, Pipes.IsEmpty: true })
            {
                throw new OptionException($"--match takes a stream selector like '{{application_name=\"shop\"}}', not '{selector}'");
            }

            // Makes the store where there is none, and brings an older one up to date.
            await using var store = await EmbeddedStore.OpenWriterAsync(directory, StoreSettings.Options(TimeProvider.System), cancellationToken);
            StoreGroups.Set(directory, new(group, selector, IsConfigured: false, now));
            var found = (await StreamList.MatchingAsync(store, selector, cancellationToken)).Count;
            var hint = found == 0 && selector.Contains('~', StringComparison.Ordinal) ? "; what stands behind =~ matches whole values, as =~\".*shop.*\" does" : "";
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{group}: {found:N0} stream{(found == 1 ? "" : "s")} so far{hint}"));
            return ExitCode.Done;
        });
        return command;
    }

    static Command CreateDelete()
    {
        var name = new Argument<string>("NAME") { Description = "The group" };
        var data = CommonOptions.Data();
        var command = new Command("delete", "Forget a group; its records stay.\n\nExample:\n  puppylog groups delete shop") { name, data };
        command.SetAction(parsed =>
        {
            var (group, directory) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(data));
            if (StoreGroups.List(directory).Any(known => known.Name == group) && StoreGroups.Delete(directory, group))
            {
                return ExitCode.Done;
            }

            throw new UsageException($"there is no group '{group}'; 'puppylog groups' lists them");
        });
        return command;
    }
}
