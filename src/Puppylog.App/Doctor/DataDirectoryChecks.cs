using System.Globalization;
using Puppylog.App.Watch;
using Puppylog.Diagnostics;

namespace Puppylog.App.Doctor;

/// <summary>Whether a data directory can hold a store: there, writable, ours, private, and with room.</summary>
static class DataDirectoryChecks
{
    const long LittleSpace = 1_000_000_000;
    const long NoSpace = 100_000_000;

    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<Finding> Run(string directory, TimeProvider clock)
    {
        if (File.Exists(directory))
        {
            yield return Finding.Error("data directory", $"{directory} is a file", "name a directory with --data or PUPPYLOG_DATA");
            yield break;
        }

        if (!Directory.Exists(directory))
        {
            yield return Missing(directory, clock);
            yield break;
        }

        yield return Writable(directory, clock);
        if (!OperatingSystem.IsWindows())
        {
            yield return Owner(directory);
            yield return Mode(directory);
        }

        yield return Space(directory);
    }

    static Finding Missing(string directory, TimeProvider clock)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(directory));
        while (parent is not null && !Directory.Exists(parent))
        {
            parent = Path.GetDirectoryName(parent);
        }

        return parent is not null && TryWrite(parent, clock, out _)
            ? Finding.Ok("data directory", $"{directory} does not exist yet; 'puppylog collect' makes it")
            : Finding.Error("data directory", $"{directory} does not exist and cannot be made: {parent} is not writable",
                $"make it as its owner (mkdir -p -m 700 {directory}), or name another one with --data or PUPPYLOG_DATA");
    }

    static Finding Writable(string directory, TimeProvider clock) => TryWrite(directory, clock, out var reason)
        ? Finding.Ok("data directory", $"{directory} is writable")
        : Finding.Error("data directory", $"{directory} is not writable: {reason}",
            "run as its owner, give it to this user (chown), mount it writable, or name another one with --data or PUPPYLOG_DATA");

    static Finding Owner(string directory)
    {
        if (!FileStatus.TryRead(directory, out var status) || SystemChecks.UserId() is not { } user)
        {
            return Finding.Ok("owner", "not known on this system");
        }

        return status.UserId == user
            ? Finding.Ok("owner", string.Create(CultureInfo.InvariantCulture, $"this user ({user})"))
            : Finding.Warning("owner", string.Create(CultureInfo.InvariantCulture, $"the directory belongs to user {status.UserId}, this is user {user}"),
                "run every puppylog command as the same user: files of another one cannot be opened later");
    }

    static Finding Mode(string directory)
    {
        var mode = OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(directory);
        return (mode & Others) == 0
            ? Finding.Ok("permissions", "only the owner can enter")
            : Finding.Warning("permissions", "other users can enter the directory, and talk to its writer", $"chmod 700 {directory}");
    }

    static Finding Space(string directory)
    {
        try
        {
            var drive = new DriveInfo(Path.GetFullPath(directory));
            var free = drive.AvailableFreeSpace;
            var text = $"{TrafficText.Bytes(free)} of {TrafficText.Bytes(drive.TotalSize)} are free";
            const string fix = "free some space or move the directory; a full disk stops collecting until there is room";
            return free < NoSpace ? Finding.Error("disk space", text, fix)
                : free < LittleSpace ? Finding.Warning("disk space", text, fix)
                : Finding.Ok("disk space", text);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Ok("disk space", "not known on this system");
        }
    }

    static bool TryWrite(string directory, TimeProvider clock, out string reason)
    {
        reason = "";
        try
        {
            var probe = Path.Combine(directory, $".puppylog-doctor-{Environment.ProcessId}-{clock.GetTimestamp()}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return true;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            reason = wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message;
            return false;
        }
    }
}
