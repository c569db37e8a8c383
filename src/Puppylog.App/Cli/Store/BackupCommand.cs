using System.CommandLine;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Backup;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store backup</c>.</summary>
static class BackupCommand
{
    const string Description = """
        Make a second data directory with all that is committed at this moment, while collecting goes on.

        On the same file system, sealed segments get a second name and cost no room; elsewhere they are copied,
        or named again from an earlier backup (--base). DEST appears when it is complete, or not at all.
        A backup is a data directory: search it with --data, verify it, restore it.

        Examples:
          puppylog store backup /backup/logs-2026-11-22
          puppylog store backup /mnt/usb/tuesday --base /mnt/usb/monday
          puppylog search error --data /backup/logs-2026-11-22
        """;

    public static Command Create()
    {
        var target = new Argument<string>("DEST") { Description = "A directory that does not exist yet, or is empty" };
        var copy = new Option<bool>("--copy") { Description = "Copy sealed segments too: a copy of its own outlives a bad spot of the disk" };
        var earlier = new Option<string?>("--base") { Description = "An earlier backup on DEST's file system: segments that it has are not copied again", HelpName = "DIR" };
        var data = CommonOptions.Data();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("backup", Description) { target, copy, earlier, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var from = parsed.GetRequiredValue(data);
            var to = parsed.GetRequiredValue(target);
            if (parsed.GetValue(earlier) is { } known && !Directory.Exists(known))
            {
                throw new OptionException($"--base takes an earlier backup, and {known} is no directory");
            }

            var report = await RunAsync(from, to, new(parsed.GetValue(copy), parsed.GetValue(earlier)), cancellationToken);
            await using var stream = StandardOutput.Open();
            new LineOutput(stream).Write(parsed.GetValue(output) == "json" ? BackupText.Json(to, report) : BackupText.Text(to, report));
            return ExitCode.Done;
        });
        return command;
    }

    public static async Task<BackupReport> RunAsync(string from, string to, BackupOptions options, CancellationToken cancellationToken)
    {
        var progress = new BackupProgress();
        var backup = new StoreBackup(from, to, new EmbeddedStoreOptions(TimeProvider.System), options, progress);
        using (StoreProgress.Start(() => (progress.Bytes, progress.Total), TimeProvider.System))
        {
            return await Task.Run(() => backup.Run(cancellationToken), cancellationToken);
        }
    }
}
