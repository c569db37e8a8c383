using System.CommandLine;

namespace Puppylog.App.Cli.Config;

/// <summary><c>puppylog config example</c>.</summary>
static class ExampleCommand
{
    public static Command Create()
    {
        var command = new Command("example", "Print a commented configuration to begin with.\n\nExample:\n  puppylog config example > puppylog.yaml");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var example = typeof(ExampleCommand).Assembly.GetManifestResourceStream("puppylog.example.yaml")!;
            await using var output = StandardOutput.Open();
            await example.CopyToAsync(output, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
