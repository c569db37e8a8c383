using System.CommandLine;
using Puppylog.App.Collecting;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Status;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store status</c>.</summary>
static class StatusCommand
{
    const string Description = """
        Show what the store holds: records, sizes, days, sources, and who writes it.

        Of processes that collect into it, the sources that cannot be read are named.

        Examples:
          puppylog store status
          puppylog store status --columns
          puppylog store status -o json
        """;

    public static Command Create()
    {
        var columns = new Option<bool>("--columns") { Description = "Also what each column takes" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("status", Description) { columns, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = Path.GetFullPath(parsed.GetRequiredValue(data));
            var survey = await new StoreSurveyor(directory, new EmbeddedStoreOptions(TimeProvider.System)).RunAsync(parsed.GetValue(columns), cancellationToken);
            var collectors = CollectorFiles.Read(directory);
            await using var stream = StandardOutput.Open();
            new LineOutput(stream).Write(parsed.GetValue(output) == "json" ? StatusText.Json(directory, survey, collectors) : StatusText.Text(directory, survey, collectors));
            return ExitCode.Done;
        });
        return command;
    }
}
