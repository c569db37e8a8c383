using System.CommandLine;

namespace Puppylog.App.Cli.Store;

/// <summary><c>puppylog store …</c>: looking after the embedded store.</summary>
static class StoreCommand
{
    public static Command Create() => new("store", """
        Look after the embedded store: see what it holds, verify, repair, back up, move.

        Examples:
          puppylog store status
          puppylog store verify
          puppylog store backup /backup/logs-2026-11-22
        """)
    {
        StatusCommand.Create(),
        VerifyCommand.Create(),
        CompactCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        ExportCommand.Create(),
        ImportCommand.Create(),
    };
}
