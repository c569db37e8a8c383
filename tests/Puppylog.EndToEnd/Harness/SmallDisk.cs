using System.Diagnostics;

namespace Puppylog.EndToEnd.Harness;

/// <summary>A file system in memory of its own, mounted where the right to is there.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    readonly string _path;

    SmallDisk(string path, bool isMounted) => (_path, IsMounted) = (path, isMounted);

    /// <summary>False without the right to mount: then there is only a directory.</summary>
    public bool IsMounted { get; }

    public static async Task<SmallDisk> MountAsync(string path, int megabytes)
    {
        Directory.CreateDirectory(path);
        return new(path, await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path));
    }

    /// <summary>From now on nobody writes to it.</summary>
    public async Task MakeReadOnlyAsync() => Assert.True(await RunAsync("mount", "-o", "remount,ro", _path), "still writable");

    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
        {
            Assert.True(await RunAsync("umount", "-l", _path), "the file system is still mounted");
        }
    }

    static async Task<bool> RunAsync(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
