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
    readonly Dictionary<string, HashSet<string>> _byPath = new(StringComparer.Ordinal);
    // Where another content has the source by now: its inode was used again, or it was cut. Copies of the old one may come yet.
    readonly Dictionary<string, Queue<SourcePosition>> _former = new(StringComparer.Ordinal);
    readonly Dictionary<FileIdentity, LogSource> _readers = [];
    readonly Dictionary<string, LogSource> _followers = new(StringComparer.Ordinal);

    public PositionBook(IEnumerable<SourcePosition> kept)
    {
        foreach (var position in kept)
        {
            Note(position);
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
                _byPath.Add(position.Path, sources = []);
            }

            sources.Add(position.Source);
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

    /// <summary>Lets others know who follows a path.</summary>
    public void Follow(string path, LogSource source)
    {
        lock (_lock)
        {
            _followers.TryAdd(path, source);
        }
    }

    public void Leave(string path, LogSource source)
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
    public LogSource? Follower(string path)
    {
        lock (_lock)
        {
            return _followers.GetValueOrDefault(path);
        }
    }
}
