using System.CommandLine;
using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Storage;

namespace Puppylog.App.Cli;

/// <summary>The program's commands, and how their failures end.</summary>
static class CommandLine
{
    public static RootCommand Create() => new("Puppylog collects logs, stores them without losing a line, searches, follows and watches them.")
    {
        CollectCommand.Create(),
        SearchCommand.Create(),
        SearchCommand.CreateTail(),
        MonitorCommand.Create(),
        GenerateCommand.Create(),
        DoctorCommand.Create(),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var parsed = Create().Parse(args);
            // A wrong flag is a mistake like any other: 2, where the library would say 1.
            if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
            {
                foreach (var error in parsed.Errors)
                {
                    await Console.Error.WriteLineAsync($"puppylog: {error.Message}");
                }

                await Console.Error.WriteLineAsync($"See '{(parsed.CommandResult.Command is RootCommand ? "puppylog" : $"puppylog {parsed.CommandResult.Command.Name}")} --help'.");
                return ExitCode.Error;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        }
        catch (LogsqlException wrong)
        {
            await Console.Error.WriteLineAsync($"puppylog: {wrong.Describe()}");
        }
        catch (Exception wrong) when (wrong is UsageException or LogStoreException or QueryMemoryException)
        {
            await Console.Error.WriteLineAsync($"puppylog: {wrong.Message}");
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }

        return ExitCode.Error;
    }
}
