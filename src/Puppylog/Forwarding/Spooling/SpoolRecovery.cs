using System.Globalization;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Forwarding.Spooling;

/// <summary>Finds out what of a spool is whole.</summary>
static class SpoolRecovery
{
    const string DamagedExtension = ".damaged";

    /// <summary>The files in order, the last one cut behind its last whole frame; none where nothing was ever appended.</summary>
    public static (List<SpoolFile> Parts, SpoolOrigin Origin) Run(IFileSystem files, string directory, Action<string> notice)
    {
        var parts = new List<SpoolFile>();
        SpoolOrigin origin = default;
        var garbage = 0L;
        var paths = files.ListFiles(directory).Where(path => SpoolFormat.TryReadName(path, out _)).OrderBy(Number).ToList();
        try
        {
            foreach (var path in paths)
            {
                var file = files.OpenWrite(path);
                if (ReadHeader(path, file) is not var (found, part) || (parts.Count > 0 && found.Id != origin.Id))
                {
                    file.Dispose();
                    SetAside(files, path, isLast: path == paths[^1], notice);
                    continue;
                }

                origin = found;
                if (parts.Count > 0 && parts[^1].End > part.Start)
                {
                    // Written once more after a failed sync.
                    parts[^1].End = part.Start;
                }
                else if (parts.Count > 0 && parts[^1].End < part.Start && garbage > 0)
                {
                    notice(string.Create(CultureInfo.InvariantCulture, $"{parts[^1].Path} is damaged: {part.Start - parts[^1].End} bytes of lines are lost"));
                }

                garbage = Scan(part);
                parts.Add(part);
            }

            CutTail(parts);
            return (parts, origin);
        }
        catch
        {
            parts.ForEach(part => part.Dispose());
            throw;
        }
    }

    static (SpoolOrigin Origin, SpoolFile Part)? ReadHeader(string path, StoreFile file)
    {
        var header = new byte[SpoolFormat.MaxHeaderLength];
        var length = file.Read(0, header);
        return SpoolFormat.TryReadHeader(header.AsSpan(0, length), out var origin, out var start, out var headerLength)
            && SpoolFormat.TryReadName(path, out var named) && named >= 0
            ? (origin, new SpoolFile(path, named, file, start, headerLength))
            : null;
    }

    /// <summary>Finds the end of the whole frames; returns the bytes behind it.</summary>
    static long Scan(SpoolFile part)
    {
        var lines = Array.Empty<byte>();
        while (SpoolReading.TryRead(new(part, part.Length, part.End), ref lines, out var frame))
        {
            part.Length += SpoolFormat.FrameHeaderLength + frame.Length;
            part.End = frame.End;
        }

        return part.File.Length - part.Length;
    }

    /// <summary>What lies behind must not be taken for frames again when others have been written before it.</summary>
    static void CutTail(List<SpoolFile> parts)
    {
        if (parts is [.., var last])
        {
            if (last.File.Length > last.Length)
            {
                last.File.SetLength(last.Length);
            }

            // What a killed process has written is whole, but need not last yet.
            last.File.Sync();
        }
    }

    static void SetAside(IFileSystem files, string path, bool isLast, Action<string> notice)
    {
        if (isLast)
        {
            // Begun, and never used.
            files.Delete(path);
            return;
        }

        files.Move(path, path + DamagedExtension);
        notice($"{path} is damaged and was set aside: its lines are lost");
    }

    static long Number(string path) => SpoolFormat.TryReadName(path, out var number) ? number : 0;
}
