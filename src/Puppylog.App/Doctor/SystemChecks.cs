using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Puppylog.App.Watch;
using Puppylog.Diagnostics;

namespace Puppylog.App.Doctor;

/// <summary>What the operating system grants, and whether its clock can be believed.</summary>
static class SystemChecks
{
    /// <summary>Seconds by which a file may be newer than the clock: coarse clocks of network disks.</summary>
    const long Tolerance = 60;

    public static IEnumerable<Finding> Run(string directory, TimeProvider clock)
    {
        yield return Finding.Ok("version",
            $"puppylog {Version()}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return Clock(clock.GetUtcNow().ToUnixTimeSeconds(), NewestFile(directory));
        if (OperatingSystem.IsLinux())
        {
            yield return Limit("inotify watches", "/proc/sys/fs/inotify/max_user_watches", 8192, "watched directories", "fs.inotify.max_user_watches=65536");
            yield return Limit("inotify instances", "/proc/sys/fs/inotify/max_user_instances", 16, "following processes", "fs.inotify.max_user_instances=128");
            yield return Limit("pipe size", "/proc/sys/fs/pipe-max-size", 1 << 20, "bytes a named pipe can hold", "fs.pipe-max-size=1048576");
            yield return OpenFiles(TryReadText("/proc/self/limits"));
        }
    }

    /// <param name="now">Seconds since 1970 UTC.</param>
    /// <param name="newest">When the newest file of the store was written; null where there is none.</param>
    public static Finding Clock(long now, long? newest)
    {
        var time = TrafficText.Time(now);
        const string fix = "set the clock (timedatectl set-ntp true), then look at records with wrong times";
        // 2025-01-01 and 2200-01-01: before this program, and where a clock is certainly wrong.
        return now is < 1_735_689_600 or > 7_258_118_400 ? Finding.Error("clock", $"it is not {time}", fix)
            : newest > now + Tolerance ? Finding.Warning("clock", $"it is {time}, and the store was written at {TrafficText.Time(newest.Value)}: the clock was set back", fix)
            : Finding.Ok("clock", time);
    }

    /// <param name="limits">The text of <c>/proc/self/limits</c>.</param>
    public static Finding OpenFiles(string? limits)
    {
        var line = limits?.Split('\n').FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return !long.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? Finding.Ok("open files", soft ?? "not known on this system")
            : files < 1024 ? Finding.Warning("open files", $"at most {TrafficText.Count(files)}", "raise the limit: ulimit -n 65536, or LimitNOFILE= in the service")
            : Finding.Ok("open files", $"at most {TrafficText.Count(files)}");
    }

    /// <summary>This process's user; null where the system does not say.</summary>
    public static uint? UserId()
    {
        // Uid: real, effective, saved, file system (proc_pid_status(5)).
        var line = TryReadText("/proc/self/status")?.Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return line?.Split('\t') is [_, _, var effective, ..] && uint.TryParse(effective, CultureInfo.InvariantCulture, out var user) ? user : null;
    }

    public static string? TryReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static Finding Limit(string check, string path, long least, string what, string setting)
    {
        var text = TryReadText(path)?.Trim();
        if (!long.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            return Finding.Ok(check, "not known on this system");
        }

        return value < least
            ? Finding.Warning(check, $"{TrafficText.Count(value)} {what}; {TrafficText.Count(least)} are advised", $"sysctl -w {setting}")
            : Finding.Ok(check, $"{TrafficText.Count(value)} {what}");
    }

    static long? NewestFile(string directory) =>
        FileStatus.TryRead(Path.Combine(directory, "catalog.db"), out var status) ? status.Modified / 1_000_000_000 : null;

    static string Version() =>
        typeof(SystemChecks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
