using System.Globalization;
using Puppylog.Diagnostics;
using Puppylog.Records;
using Puppylog.Sources.Files;

namespace Puppylog.Sources;

/// <summary>
/// How far every file has been read, by earlier runs and by this one, and who reads it now. A file has one reader at a time,
/// whatever the number of its names. Safe for several threads.
/// </summary>
sealed class PositionBook
{
    /// <summary>Former positions that are remembered of a path.</summary>
    const int MostFormer = 8;

    readonly Lock _lock = new();
    readonly Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    // Sources by path; of most paths there is one.
    readonly Dictionary<string, List<string>> _byPath = new(StringComparer.Ordinal);
    // Where another content has the source by now: its inode was used again, or it was cut. Copies of the old one may come yet.
    readonly Dictionary<string, Queue<SourcePosition>> _former = new(StringComparer.Ordinal);
    // Where the next of them is kept, by path.
    readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    readonly Dictionary<FileIdentity, LogSource> _readers = [];
    readonly Dictionary<string, FileSource> _followers = new(StringComparer.Ordinal);
    readonly HashSet<string> _keptPaths = new(StringComparer.Ordinal);

    public PositionBook(IEnumerable<SourcePosition> kept)
    {
        foreach (var position in kept)
        {
            _keptPaths.Add(position.Path);
            if (position.IsFormer)
            {
                Remember(position);
            }
            else
            {
                Note(position);
            }
        }
    }

    public DirectoryListings Listings { get; } = new();

    public SourcePosition? Find(string source)
    {
        lock (_lock)
        {
            return _positions.GetValueOrDefault(source);
        }
    }

    /// <summary>A file's own position; null where there is none, or it is of another file that had its inode.</summary>
    public SourcePosition? FindOwn(FileStatus file) => Find(file.Identity.Source) is { } position && Fingerprint.WasBorn(position, file.Born) ? position : null;

    /// <summary>True where an earlier run has read a path.</summary>
    public bool WasKnown(string path) => _keptPaths.Contains(path);

    /// <summary>True for a path that is followed, or of which a position is kept.</summary>
    public bool IsKnown(string path)
    {
        lock (_lock)
        {
            return _followers.ContainsKey(path) || _byPath.ContainsKey(path);
        }
    }

    /// <summary>The positions of files that were last seen under a path.</summary>
    public IReadOnlyList<SourcePosition> SeenAs(string path)
    {
        lock (_lock)
        {
            var seen = _byPath.TryGetValue(path, out var sources) ? sources.Select(source => _positions[source]).ToList() : [];
            if (_former.TryGetValue(path, out var former))
            {
                seen.AddRange(former);
            }

            return seen;
        }
    }

    public void Note(SourcePosition position)
    {
        lock (_lock)
        {
            if (_positions.TryGetValue(position.Source, out var before) && before.Path != position.Path && _byPath.TryGetValue(before.Path, out var left))
            {
                left.Remove(position.Source);
            }

            if (before is { Offset: > 0 } && before.Generation != position.Generation)
            {
                Remember(before);
            }

            _positions[position.Source] = position;
            if (!_byPath.TryGetValue(position.Path, out var sources))
            {
                _byPath.Add(position.Path, sources = new(1));
            }

            if (!sources.Contains(position.Source))
            {
                sources.Add(position.Source);
            }
        }
    }

    /// <summary>
    /// What is to be kept of a content whose inode a file has by now, before the file's own position takes its place; null where
    /// the inode is new, or the content nobody's.
    /// </summary>
    public SourcePosition? FormerOf(FileStatus file)
    {
        lock (_lock)
        {
            if (!_positions.TryGetValue(file.Identity.Source, out var before) || before.Offset == 0 || Fingerprint.WasBorn(before, file.Born))
            {
                return null;
            }

            var slot = _slots.GetValueOrDefault(before.Path);
            _slots[before.Path] = (slot + 1) % MostFormer;
            return before with { Source = string.Create(CultureInfo.InvariantCulture, $"{SourcePosition.FormerPrefix}{slot}:{before.Path}") };
        }
    }

    void Remember(SourcePosition former)
    {
        if (!_former.TryGetValue(former.Path, out var positions))
        {
            _former.Add(former.Path, positions = new());
        }

        positions.Enqueue(former);
        if (positions.Count > MostFormer)
        {
            positions.Dequeue();
        }
    }

    /// <summary>False where another source reads the file; <paramref name="reader"/> is the one that does.</summary>
    public bool TryClaim(FileIdentity file, LogSource source, out LogSource reader)
    {
        lock (_lock)
        {
            if (!_readers.TryGetValue(file, out reader!))
            {
                _readers.Add(file, source);
                reader = source;
            }

            return ReferenceEquals(reader, source);
        }
    }

    public void Release(FileIdentity file)
    {
        lock (_lock)
        {
            _readers.Remove(file);
        }
    }

    /// <summary>True while somebody has a file open, given by what its positions are kept under.</summary>
    public bool IsRead(string source)
    {
        lock (_lock)
        {
            // Seldom asked: no index for it.
            return _readers.Keys.Any(file => file.Source == source);
        }
    }

    /// <summary>Lets others know who follows a path.</summary>
    public void Follow(string path, FileSource source)
    {
        lock (_lock)
        {
            _followers.TryAdd(path, source);
        }
    }

    public void Leave(string path, FileSource source)
    {
        lock (_lock)
        {
            if (_followers.GetValueOrDefault(path) == source)
            {
                _followers.Remove(path);
            }
        }
    }

    /// <summary>The source that follows a path; null for none.</summary>
    public FileSource? Follower(string path)
    {
        lock (_lock)
        {
            return _followers.GetValueOrDefault(path);
        }
    }
}
