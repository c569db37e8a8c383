using System.Text;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>A small file of lines beside the catalogue, which repeats what people named there.</summary>
static class DefinitionFile
{
    const long LongestFile = 64 << 20;

    /// <summary>Makes the file say this, whole or not at all.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static void Write(IFileSystem files, string directory, string path, ReadOnlyMemory<byte> text)
    {
        if (text.Span.SequenceEqual(ReadBytes(files, path)))
        {
            return;
        }

        var unfinished = path + DataLayout.UnfinishedExtension;
        if (files.FileExists(unfinished))
        {
            files.Delete(unfinished);
        }

        using (var file = files.Create(unfinished))
        {
            file.Write(0, [text]);
            file.Sync();
        }

        PosixCalls.Rename(unfinished, path);
        files.SyncDirectory(directory);
    }

    /// <summary>Its lines; none where there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string[] ReadLines(IFileSystem files, string path) => Encoding.UTF8.GetString(ReadBytes(files, path)).Split('\n');

    static byte[] ReadBytes(IFileSystem files, string path)
    {
        if (!files.FileExists(path))
        {
            return [];
        }

        using var file = files.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, LongestFile)];
        return file.Read(0, bytes) is var read && read < bytes.Length ? bytes[..read] : bytes;
    }
}
