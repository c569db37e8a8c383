using System.CommandLine;
using Puppylog.App.Doctor;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog doctor</c>.</summary>
static class DoctorCommand
{
    const string Description = """
        Check the environment and the store, and say how to fix what is wrong.

        Ends with 0 when all is fine, with 1 when there are warnings, with 2 when there are errors.
        Nothing is changed, but for a file that is made and removed to see whether the directory can be written.

        Examples:
          puppylog doctor
          puppylog doctor --data /srv/logs
          puppylog doctor -o json
        """;

    public static Command Create()
    {
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("doctor", Description) { data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var findings = await ExamineAsync(parsed.GetValue(data)!, TimeProvider.System, cancellationToken);
            await using var stream = StandardOutput.Open();
            new LineOutput(stream).Write(parsed.GetValue(output) == "json" ? FindingsText.Json(findings) : FindingsText.Text(findings));
            return (int)FindingsText.Worst(findings);
        });
        return command;
    }

    /// <summary>All findings for a data directory, in the order in which they are shown.</summary>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (width, height) = Console.IsOutputRedirected ? (0, 0) : (Console.WindowWidth, Console.WindowHeight);
        return
        [
            .. SystemChecks.Run(directory, clock),
            TerminalCheck.Run(!Console.IsOutputRedirected, Environment.GetEnvironmentVariable, width, height),
            .. DataDirectoryChecks.Run(directory, clock),
            .. await StoreChecks.RunAsync(directory, clock, cancellationToken),
        ];
    }
}
