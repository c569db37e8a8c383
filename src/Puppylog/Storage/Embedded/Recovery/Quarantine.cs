using System.Globalization;
using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Recovery;

/// <summary><c>DATA/quarantine</c>: bytes that were taken out of the store, each file with a note that says why.</summary>
sealed class Quarantine(IFileSystem files, string directory, TimeProvider clock)
{
    const int CopyBytes = 1 << 20;

    readonly string _folder = DataLayout.Quarantine(directory);

    /// <summary>Copies the end of a file, on disk when it returns. The file itself stays as it is.</summary>
    public void KeepTail(string path, long offset, string reason)
    {
        var target = NewFile(path, string.Create(CultureInfo.InvariantCulture, $"tail-{offset}"));
        using (var source = files.OpenRead(path))
        using (var copy = files.Create(target))
        {
            var buffer = new byte[CopyBytes];
            long at = 0;
            for (int read; (read = source.Read(offset + at, buffer)) > 0; at += read)
            {
                copy.Write(at, [buffer.AsMemory(0, read)]);
            }

            copy.Sync();
        }

        Note(target, path, reason);
    }

    /// <summary>Moves a whole file.</summary>
    public void Take(string path, string reason)
    {
        var target = NewFile(path, "whole");
        files.Move(path, target);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
        Note(target, path, reason);
    }

    /// <summary>Leaves a note about a file that is not there any more.</summary>
    public void Remember(string path, string reason) => Note(NewFile(path, "lost"), path, reason);

    string NewFile(string path, string what)
    {
        if (files.CreateDirectory(_folder))
        {
            files.SyncDirectory(directory);
        }

        var isSegment = DataLayout.SegmentId(path) is not null;
        var name = Path.Combine(_folder, isSegment ? $"{Path.GetFileNameWithoutExtension(path)}.{what}" : Path.GetFileName(path));
        var target = name;
        for (var i = 1; files.FileExists(target) || files.FileExists(target + ".txt"); i++)
        {
            target = string.Create(CultureInfo.InvariantCulture, $"{name}.{i}");
        }

        return target;
    }

    void Note(string target, string path, string reason)
    {
        var text = $"{Timestamps.ToRfc3339(Timestamps.Now(clock))} from {Path.GetRelativePath(directory, path)}: {reason}\n";
        var note = target + ".txt";
        if (!files.FileExists(note))
        {
            using var file = files.Create(note);
            file.Write(0, [Encoding.UTF8.GetBytes(text)]);
            file.Sync();
        }

        files.SyncDirectory(_folder);
    }
}
