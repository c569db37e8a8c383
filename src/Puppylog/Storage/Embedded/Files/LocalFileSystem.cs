namespace Puppylog.Storage.Embedded.Files;

/// <summary>The machine's file system.</summary>
sealed class LocalFileSystem : IFileSystem
{
    public static LocalFileSystem Instance { get; } = new();

    public bool FileExists(string path) => File.Exists(path);

    public long Length(string path) => new FileInfo(path).Length;

    public IReadOnlyList<string> ListFiles(string directory) =>
        Directory.Exists(directory) ? Directory.GetFiles(directory, "*", SearchOption.AllDirectories) : [];

    public bool CreateDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return true;
    }

    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = PosixCalls.OpenDirectory(path);
        PosixCalls.Sync(directory, path);
    }

    public StoreFile Create(string path) => Open(path, FileMode.CreateNew, FileAccess.ReadWrite);

    public StoreFile OpenWrite(string path) => Open(path, FileMode.Open, FileAccess.ReadWrite);

    public StoreFile OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read);

    public bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        if (PosixCalls.TryLink(from, to, out var error))
        {
            return true;
        }

        // Other reasons (another file system, no links there, too many of them, not the owner) are overcome by copying.
        return error == PosixCalls.FileMissing ? throw new FileNotFoundException("there is no such file", from) : false;
    }

    public void Move(string from, string to) => File.Move(from, to);

    public void Delete(string path) => File.Delete(path);

    public bool TryDeleteDirectory(string path)
    {
        if (!Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any())
        {
            return false;
        }

        Directory.Delete(path);
        return true;
    }

    // One writer is the directory lock's business.
    static LocalStoreFile Open(string path, FileMode mode, FileAccess access) =>
        new(File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete));
}
