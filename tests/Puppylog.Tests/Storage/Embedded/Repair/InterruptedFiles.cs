using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Tests.Storage.Embedded.Repair;

/// <summary>The machine's files, until a number of changes were made: then every further one fails, as after kill -9.</summary>
sealed class InterruptedFiles(int changes) : IFileSystem
{
    readonly LocalFileSystem _files = LocalFileSystem.Instance;
    int _left = changes;

    public bool HasFailed { get; private set; }

    public bool FileExists(string path) => _files.FileExists(path);

    public long Length(string path) => _files.Length(path);

    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    public bool CreateDirectory(string path)
    {
        Change();
        return _files.CreateDirectory(path);
    }

    public void SyncDirectory(string path)
    {
        Change();
        _files.SyncDirectory(path);
    }

    public StoreFile Create(string path)
    {
        Change();
        return _files.Create(path);
    }

    public StoreFile OpenWrite(string path) => _files.OpenWrite(path);

    public StoreFile OpenRead(string path) => _files.OpenRead(path);

    public bool TryDeleteDirectory(string path) => _files.TryDeleteDirectory(path);

    public bool TryLink(string from, string to) => _files.TryLink(from, to);

    public void Move(string from, string to)
    {
        Change();
        _files.Move(from, to);
    }

    public void Delete(string path)
    {
        Change();
        _files.Delete(path);
    }

    void Change()
    {
        if (_left-- <= 0)
        {
            HasFailed = true;
            throw new IOException("interrupted");
        }
    }
}
