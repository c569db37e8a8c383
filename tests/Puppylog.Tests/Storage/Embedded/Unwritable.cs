namespace Puppylog.Tests.Storage.Embedded;

/// <summary>A directory without write permission for a while. To root every directory is writable: the test is skipped.</summary>
sealed class Unwritable : IDisposable
{
    readonly string _directory;

    public Unwritable(string directory)
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root writes into every directory");
        _directory = directory;
        Set(UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => Set(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    void Set(UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory, mode);
        }
    }
}
