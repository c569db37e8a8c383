using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Backup;

/// <summary>Tells sealed segments apart without reading all of them.</summary>
static class SealedFile
{
    const int EdgeBytes = 64 << 10;

    /// <summary>
    /// True where two files have the length, and the same bytes at both ends: the header, with store and number, and the
    /// index with the places, commits and times of all blocks.
    /// </summary>
    public static bool IsSame(IFileSystem files, string path, string other, long length)
    {
        using var first = files.OpenRead(path);
        using var second = files.OpenRead(other);
        return first.Length == length && second.Length == length && HasSame(first, second, 0) && HasSame(first, second, Math.Max(0, length - EdgeBytes));
    }

    static bool HasSame(StoreFile first, StoreFile second, long offset)
    {
        var (one, two) = (new byte[EdgeBytes], new byte[EdgeBytes]);
        var (read, reread) = (first.Read(offset, one), second.Read(offset, two));
        return read == reread && one.AsSpan(0, read).SequenceEqual(two.AsSpan(0, read));
    }
}
