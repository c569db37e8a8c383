using System.Globalization;
using Puppylog.Storage.Embedded.Backup;

namespace Puppylog.App.Cli.Store;

/// <summary>What a backup or restore came to.</summary>
static class BackupText
{
    /// <summary><c>/backup/logs: 2,000,000 records up to commit 31; 3 segments linked (41.2 MB), 1 copied (3.1 MB)</c>.</summary>
    public static string Text(string target, BackupReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{target}: {report.Records:N0} records up to commit {report.LastCommit}; {report.Linked} {(report.Linked == 1 ? "segment" : "segments")} linked ({CollectSummaryText.Size(report.LinkedBytes)}), {report.Copied} copied ({CollectSummaryText.Size(report.CopiedBytes)})\n");

    public static string Json(string target, BackupReport report) => JsonLine.Write(json =>
    {
        json.WriteString("target", Path.GetFullPath(target));
        json.WriteNumber("last_commit", report.LastCommit);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("linked", report.Linked);
        json.WriteNumber("linked_bytes", report.LinkedBytes);
        json.WriteNumber("copied", report.Copied);
        json.WriteNumber("copied_bytes", report.CopiedBytes);
    });
}
