using System.CommandLine;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store restore</c>.</summary>
static class RestoreCommand
{
    const string Description = """
        Bring a backup back as the store, and verify it. The data directory must not exist yet, or be empty.

        Collecting goes on from where it was when the backup was made: lines that the backup lacks are read again
        from the files that still have them. Ends with 1 when the backup turns out damaged.

        Examples:
          puppylog store restore /backup/logs-2026-11-22
          puppylog store restore /backup/logs-2026-11-22 --data /srv/logs
        """;

    public static Command Create()
    {
        var source = new Argument<string>("SRC") { Description = "The backup, or any other data directory" };
        var copy = new Option<bool>("--copy") { Description = "Copy sealed segments where the same file system would let them be shared" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("restore", Description) { source, copy, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var from = parsed.GetRequiredValue(source);
            var to = Path.GetFullPath(parsed.GetRequiredValue(data));
            var restored = await BackupCommand.RunAsync(from, to, new(parsed.GetValue(copy), null), cancellationToken);
            var progress = new VerifyProgress();
            VerificationReport report;
            using (StoreProgress.Start(() => (progress.Bytes, progress.Total), TimeProvider.System))
            {
                report = await new StoreVerifier(to, new EmbeddedStoreOptions(TimeProvider.System), progress).RunAsync(cancellationToken);
            }

            await using var stream = StandardOutput.Open();
            var lines = new LineOutput(stream);
            if (parsed.GetValue(output) == "json")
            {
                lines.Write(BackupText.Json(to, restored));
                lines.Write(VerifyText.Json(to, new(report, [], report)));
            }
            else
            {
                lines.Write(BackupText.Text(to, restored));
                lines.Write(VerifyText.Text(to, new(report, [], report), mayRepair: true));
            }

            return report.IsClean ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }
}
