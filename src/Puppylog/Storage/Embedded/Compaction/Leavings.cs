using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Deletes the segment files that the catalogue has no use for any more, and remembers that they are gone.</summary>
sealed class Leavings(string directory, IFileSystem files)
{
    /// <summary>Those whose time has come.</summary>
    /// <param name="all">What the catalogue knows.</param>
    /// <param name="now">Nanoseconds since 1970 UTC.</param>
    /// <param name="delay">How long a file stays after it was replaced or dropped.</param>
    public static List<Leaving> Due(IEnumerable<Leaving> all, long now, TimeSpan delay) =>
        // A clock that was set back must not keep them for years.
        [.. all.Where(leaving => leaving.Since is not { } since || since + (delay.Ticks * 100) <= now || since > now)];

    /// <summary>Deletes the files; they are gone for good when it returns.</summary>
    /// <returns>The folders that they were in.</returns>
    /// <exception cref="IOException">Some could not be deleted.</exception>
    public IReadOnlyCollection<string> Delete(IEnumerable<Leaving> leavings)
    {
        var (folders, changed) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var leaving in leavings)
        {
            foreach (var name in new[] { DataLayout.SegmentFile(leaving.Segment, leaving.Day), DataLayout.UnfinishedFile(leaving.Segment, leaving.Day) })
            {
                var path = Path.Combine(directory, name);
                folders.Add(Path.GetDirectoryName(path)!);
                if (files.FileExists(path))
                {
                    files.Delete(path);
                    changed.Add(Path.GetDirectoryName(path)!);
                }
            }
        }

        foreach (var folder in changed)
        {
            files.SyncDirectory(folder);
        }

        return folders;
    }
}
