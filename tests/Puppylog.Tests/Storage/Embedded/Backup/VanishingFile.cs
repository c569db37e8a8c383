using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Tests.Storage.Embedded.Backup;

/// <summary>The machine's files, of which one is not there the first times that it is to be linked or opened.</summary>
sealed class VanishingFile(string path, int times = 1) : IFileSystem
{
    readonly LocalFileSystem _files = LocalFileSystem.Instance;

    public int Asked { get; private set; }

    public bool FileExists(string file) => _files.FileExists(file);

    public long Length(string file) => _files.Length(file);

    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    public bool CreateDirectory(string directory) => _files.CreateDirectory(directory);

    public void SyncDirectory(string directory) => _files.SyncDirectory(directory);

    public StoreFile Create(string file) => _files.Create(file);

    public StoreFile OpenWrite(string file) => _files.OpenWrite(file);

    public StoreFile OpenRead(string file)
    {
        Ask(file);
        return _files.OpenRead(file);
    }

    public bool TryDeleteDirectory(string path) => _files.TryDeleteDirectory(path);

    public bool TryLink(string from, string to)
    {
        Ask(from);
        return _files.TryLink(from, to);
    }

    public void Move(string from, string to) => _files.Move(from, to);

    public void Delete(string file) => _files.Delete(file);

    void Ask(string file)
    {
        if (file == path && ++Asked <= times)
        {
            throw new FileNotFoundException("gone", file);
        }
    }
}
