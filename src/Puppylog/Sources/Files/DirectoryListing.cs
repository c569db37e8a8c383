using System.IO.Enumeration;
using Puppylog.Diagnostics;

namespace Puppylog.Sources.Files;

/// <summary>The names in a directory as they were at one moment; shared, so that thousands of files in it do not each read it. Safe for several threads.</summary>
sealed class DirectoryListing
{
    readonly Lock _lock = new();
    readonly string _directory;
    readonly string[] _names;
    Dictionary<string, string>? _bySource;

    DirectoryListing(string directory, string[] names)
    {
        _directory = directory;
        _names = names;
    }

    /// <summary>When it was taken: a timestamp of the clock.</summary>
    public required long TakenAt { get; init; }

    /// <summary>The directory's time of modification before it was read.</summary>
    public required long Modified { get; init; }

    /// <summary>True where a change since then shows in the time of modification.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>An empty one where the directory cannot be read.</summary>
    public static DirectoryListing Read(string directory, TimeProvider clock)
    {
        var now = clock.GetTimestamp();
        var modified = FileStatus.TryRead(directory, out var status) ? status.Modified : 0;
        var isSettled = DirectoryListings.IsSettledNow(modified);
        string[] names = [];
        try
        {
            names = [.. new FileSystemEnumerable<string>(
                directory, static (ref entry) => entry.FileName.ToString(), new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 })
            {
                ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory,
            }];
            Array.Sort(names, StringComparer.Ordinal);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the files says it.
        }

        return new(directory, names) { TakenAt = now, Modified = modified, IsSettled = isSettled };
    }

    /// <summary>The full names that begin with a text.</summary>
    public IEnumerable<string> BeginningWith(string start)
    {
        var at = Array.BinarySearch(_names, start, StringComparer.Ordinal);
        for (at = at < 0 ? ~at : at; at < _names.Length && _names[at].StartsWith(start, StringComparison.Ordinal); at++)
        {
            yield return Path.Combine(_directory, _names[at]);
        }
    }

    /// <summary>The full name of a file by what its positions are kept under; null where it is not here.</summary>
    public string? Find(string source)
    {
        lock (_lock)
        {
            _bySource ??= IndexSources();
            return _bySource.GetValueOrDefault(source);
        }
    }

    Dictionary<string, string> IndexSources()
    {
        var index = new Dictionary<string, string>(_names.Length, StringComparer.Ordinal);
        foreach (var name in _names)
        {
            var path = Path.Combine(_directory, name);
            if (FileStatus.TryRead(path, out var status) && status.Kind == FileKind.Regular)
            {
                index.TryAdd(status.Identity.Source, path);
            }
        }

        return index;
    }
}
