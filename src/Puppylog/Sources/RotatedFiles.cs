using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources;

/// <summary>
/// Finds, beside a path, the files that had its name before: the one that was being read and was renamed while nothing ran,
/// and those that came and went after it.
/// </summary>
static class RotatedFiles
{
    static readonly string[] CompressedNames = [".gz", ".xz", ".zst", ".bz2", ".lz4"];

    /// <summary>The files with something unread, oldest first; without those that may not be read.</summary>
    /// <param name="path">The path that they had.</param>
    /// <param name="positions">How far files have been read.</param>
    /// <param name="bornAfter">Files of which nothing was read count from this birth on: nanoseconds since 1970.</param>
    public static List<(string Path, FileIdentity Identity)> Find(string path, PositionBook positions, long bornAfter)
    {
        var kept = positions.SeenAs(path).ToDictionary(position => position.Source, StringComparer.Ordinal);
        if (kept.Count == 0 || Path.GetDirectoryName(path) is not { } directory || !Directory.Exists(directory))
        {
            return [];
        }

        var isThere = TryRead(path, out var current);
        var known = new List<(string Path, FileStatus Status, SourcePosition Position)>();
        var strangers = new List<(string Path, FileStatus Status)>();
        foreach (var other in Directory.EnumerateFiles(directory, "*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 }))
        {
            if (!TryRead(other, out var status) || (isThere && status.Identity == current.Identity))
            {
                continue;
            }

            if (kept.TryGetValue(status.Identity.Source, out var position) && BeginsAs(other, status.Born, position))
            {
                known.Add((other, status, position));
            }
            else if (HasRotatedName(other, path))
            {
                strangers.Add((other, status));
            }
        }

        var found = known.FindAll(file => file.Status.Size > file.Position.Offset).ConvertAll(file => (file.Path, file.Status));
        if (known.Count > 0 && !(isThere && kept.TryGetValue(current.Identity.Source, out var mine) && BeginsAs(path, current.Born, mine)))
        {
            var last = known.MaxBy(file => file.Status.Born);
            var since = Math.Max(last.Status.Born, bornAfter);
            // A copy of what was read begins as it does; it is no file of its own.
            found.AddRange(strangers.Where(file => last.Status.Born > 0 && file.Status.Born > since
                && (!isThere || file.Status.Born < current.Born)
                && !known.Exists(read => read.Position.FingerprintLength > 0 && BeginsAs(file.Path, read.Status.Born, read.Position))));
        }

        return found.DistinctBy(file => file.Status.Identity).OrderBy(file => file.Status.Born).Select(file => (file.Path, file.Status.Identity)).ToList();
    }

    /// <summary><c>access.log.1</c>, <c>access.log-20261121</c>; what was compressed is not looked into.</summary>
    static bool HasRotatedName(string other, string path) =>
        other.Length > path.Length && other.StartsWith(path, StringComparison.Ordinal) && other[path.Length] is ('.' or '-' or '_')
        && !CompressedNames.Any(ending => other.EndsWith(ending, StringComparison.Ordinal));

    static bool TryRead(string path, out FileStatus status)
    {
        try
        {
            return FileStatus.TryFind(path, out status) && status.Kind == FileKind.Regular;
        }
        catch (IOException)
        {
            status = default;
            return false;
        }
    }

    static bool BeginsAs(string path, long born, SourcePosition position)
    {
        var head = new ContentHead(born);
        var beginning = new byte[Math.Clamp(position.FingerprintLength, 0, ContentHead.MaxLength)];
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.Read(file, beginning, 0);
            head.Note(0, beginning.AsSpan(0, length));
            return length == beginning.Length && head.Fingerprint(length) == position.Fingerprint;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
