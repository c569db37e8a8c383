using System.Globalization;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>Numbers of segments, which are never used again.</summary>
static class SegmentNumbers
{
    /// <summary>Above all that the catalogue names or that are there, unfinished ones and those in quarantine included.</summary>
    public static long Next(string directory, IFileSystem files, CatalogImage? catalog) => files.ListFiles(DataLayout.Days(directory))
        .Concat(files.ListFiles(DataLayout.Quarantine(directory)))
        .Select(path => long.TryParse(Path.GetFileName(path).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Concat((catalog?.Segments ?? []).Select(row => row.Id))
        .Append(catalog?.LastSegment ?? 0)
        .Max() + 1;
}
