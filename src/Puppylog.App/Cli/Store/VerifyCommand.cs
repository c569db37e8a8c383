using System.CommandLine;
using Puppylog.Metrics;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store verify</c>.</summary>
static class VerifyCommand
{
    const string Description = """
        Read all of the store: every checksum, every block, every line, and the catalogue against them.

        Ends with 0 when all is whole, with 1 when something is damaged, with 2 when it could not be verified.
        Works beside a collector. --repair needs the store for itself: it takes damaged blocks out (they go to
        quarantine, with a note) and rebuilds a lost or damaged catalogue from the segments. It deletes nothing,
        and ends with 0 when the store is whole again.

        Examples:
          puppylog store verify
          puppylog store verify --repair
          puppylog store verify --data /backup/logs-2026-11-22 -o json
        """;

    public static Command Create()
    {
        var repair = new Option<bool>("--repair") { Description = "Make the store whole again with all that can be read" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("verify", Description) { repair, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var directory = Path.GetFullPath(parsed.GetRequiredValue(data));
            var options = new EmbeddedStoreOptions(TimeProvider.System);
            var progress = new VerifyProgress();
            RepairReport report;
            using (StoreProgress.Start(() => (progress.Bytes, progress.Total), TimeProvider.System))
            {
                report = parsed.GetValue(repair)
                    ? await new StoreRepair(directory, options, progress).RunAsync(cancellationToken)
                    : await VerifyAsync(directory, options, progress, cancellationToken);
            }

            if (parsed.GetValue(repair))
            {
                // A rebuilt catalogue knows what the metrics are, and not what they came to.
                await new MetricStore(directory, options).ResumeAsync(cancellationToken);
            }

            await using var stream = StandardOutput.Open();
            new LineOutput(stream).Write(parsed.GetValue(output) == "json"
                ? VerifyText.Json(directory, report)
                : VerifyText.Text(directory, report, mayRepair: !parsed.GetValue(repair)));
            return report.After.IsClean ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }

    static async Task<RepairReport> VerifyAsync(string directory, EmbeddedStoreOptions options, VerifyProgress progress, CancellationToken cancellationToken)
    {
        var report = await new StoreVerifier(directory, options, progress).RunAsync(cancellationToken);
        return new(report, [], report);
    }
}
