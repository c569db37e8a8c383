using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Puppylog.App.Cli.Alerts;
using Puppylog.App.Cli.Config;
using Puppylog.App.Cli.Keys;
using Puppylog.App.Cli.Metrics;
using Puppylog.App.Cli.Store;
using Puppylog.App.Cli.Streams;
using Puppylog.Configuration;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Cli;

/// <summary>The program's commands, and how their failures end.</summary>
static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand(
            "Puppylog collects logs, stores them without losing a line, searches, follows and watches them.\n\n"
            + "'puppylog COMMAND --help' tells more about a command, with examples.")
        {
            CollectCommand.Create(),
            ServeCommand.Create(),
            AgentCommand.Create(),
            SearchCommand.Create(),
            SearchCommand.CreateTail(),
            CreateMonitor(),
            GenerateCommand.Create(),
            BootstrapCommand.Create(),
            SqlCommand.Create(),
            StoreCommand.Create(),
            StreamsCommand.Create(),
            GroupsCommand.Create(),
            MetricsCommand.Create(),
            AlertsCommand.Create(),
            KeysCommand.Create(),
            ConfigCommand.Create(),
            DoctorCommand.Create(),
            VersionCommand.Create(),
        };
        DetailedHelp.AddTo(root);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        // Without a command: what there is to choose from.
        if (parsed.CommandResult.Command is { Subcommands.Count: > 0, Action: null } && parsed.UnmatchedTokens.Count == 0 && parsed.Action is null or ParseErrorAction)
        {
            parsed = Create().Parse([.. args, "--help"]);
        }

        var help = $"See '{Name(parsed.CommandResult)} --help'.";
        // A wrong flag is a mistake like any other: 2, where the library would say 1.
        var errors = ParseErrors.Texts(parsed).ToList();
        if (errors.Count > 0 && parsed.Action is not DetailedHelp)
        {
            foreach (var error in errors)
            {
                await Console.Error.WriteLineAsync($"puppylog: {error}");
            }

            await Console.Error.WriteLineAsync(help);
            return ExitCode.Error;
        }

        using var termination = new Termination(TimeProvider.System, End);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, termination.Token);
        }
        catch (LogsqlException wrong)
        {
            await Console.Error.WriteLineAsync($"puppylog: {wrong.Describe()}");
        }
        catch (OptionException wrong)
        {
            await Console.Error.WriteLineAsync($"puppylog: {wrong.Message}\n{help}");
        }
        catch (Exception wrong) when (wrong is UsageException or LogStoreException or QueryMemoryException)
        {
            await Console.Error.WriteLineAsync($"puppylog: {wrong.Message}");
        }
        catch (ConfigurationException wrong)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', wrong.Mistakes));
        }
        catch (CorruptDataException damage)
        {
            await Console.Error.WriteLineAsync($"puppylog: the store is damaged: {damage.Message}; 'puppylog store verify' says where");
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }

        return ExitCode.Error;
    }

    [SuppressMessage("ApiDesign", "RS0030", Justification = "It is what was asked for: what was not committed is read again.")]
    static void End(int code) => Environment.Exit(code);

    /// <summary><c>monitor metrics</c> and <c>monitor alerts</c> are other names of the two.</summary>
    static Command CreateMonitor()
    {
        var monitor = MonitorCommand.Create();
        monitor.Add(MetricsCommand.Create());
        monitor.Add(AlertsCommand.Create());
        return monitor;
    }

    /// <summary><c>puppylog store verify</c>.</summary>
    static string Name(CommandResult result) => result.Parent is CommandResult parent ? $"{Name(parent)} {result.Command.Name}" : "puppylog";
}
