namespace Puppylog.Storage.Embedded.Files;

/// <summary>The file operations of segments and quarantine, so that tests can play crashes and full disks.</summary>
/// <remarks>Every member throws <see cref="IOException"/> with the errno as its HResult, as the runtime does.</remarks>
interface IFileSystem
{
    bool FileExists(string path);

    /// <summary>The length in bytes; the file must be there.</summary>
    long Length(string path);

    /// <summary>Files below a directory at any depth; none where the directory is missing.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Makes one directory; false where it was there. It lasts once its parent is synced.</summary>
    bool CreateDirectory(string path);

    /// <summary>Makes the entries of a directory last.</summary>
    void SyncDirectory(string path);

    /// <summary>Makes a file; one that is there already is an error.</summary>
    StoreFile Create(string path);

    StoreFile OpenWrite(string path);

    StoreFile OpenRead(string path);

    /// <summary>Gives a file a second name; false where the file system cannot, as between two of them.</summary>
    bool TryLink(string from, string to);

    void Move(string from, string to);

    void Delete(string path);

    /// <summary>Removes a directory; false where it is not there or not empty. It is gone for good once its parent is synced.</summary>
    bool TryDeleteDirectory(string path);
}
