namespace Puppylog.Sources.Globs;

/// <summary>Finds the files that patterns match; each becomes a source of its own. Gives no lines itself.</summary>
/// <param name="found">
/// Called for each file that matches, at every look; may be called again for the same one. True for one that was not there at the
/// first look.
/// </param>
sealed class GlobSource(string name, IReadOnlyList<PathPattern> patterns, IReadOnlyList<PathPattern> excludes, SourceContext context, Action<string, bool> found) : LogSource(name)
{
    /// <summary>How often it is looked for files where nothing tells of them.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The same where changes are told of: some may be lost, and not every file system tells of them.</summary>
    static readonly TimeSpan WatchedInterval = TimeSpan.FromSeconds(10);

    /// <summary>Files that appear within this time are looked for in one go.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);

    readonly Dictionary<string, FileWatch?> _directories = new(StringComparer.Ordinal);
    readonly HashSet<string> _looked = new(StringComparer.Ordinal);
    readonly List<string> _files = [];
    long? _lookedAt;
    bool _told;
    volatile bool _isAsked;

    /// <summary>Files that matched at the last look.</summary>
    public int Count => _files.Count;

    public override bool IsUndecided => _told;

    public override void Wake()
    {
        _told = true;
        base.Wake();
    }

    /// <summary>Looks for files at the next occasion. May be called from any thread.</summary>
    public void LookSoon()
    {
        _isAsked = true;
        context.Wake();
    }

    protected override void LookNow()
    {
        var interval = _told ? Gathering : IsToldOfAll ? WatchedInterval : Interval;
        if (IsEnded || (!_isAsked && _lookedAt is { } last && context.Clock.GetElapsedTime(last) < interval))
        {
            return;
        }

        var isFirst = _lookedAt is null;
        _isAsked = false;
        _told = false;
        _lookedAt = context.Clock.GetTimestamp();
        _looked.Clear();
        _files.Clear();
        foreach (var pattern in patterns)
        {
            pattern.Find(_files, _looked);
        }

        WatchDirectories();
        _files.RemoveAll(file => excludes.Any(exclude => exclude.IsMatch(file)));
        foreach (var file in _files)
        {
            found(file, !isFirst);
        }

        if (!context.Watch)
        {
            IsEnded = true;
            if (_files.Count == 0)
            {
                Fail($"{Name}: no file matches");
            }
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        return false;
    }

    public override void Dispose()
    {
        foreach (var watch in _directories.Values.OfType<FileWatch>())
        {
            context.Watcher?.Release(watch, null, this);
        }

        _directories.Clear();
    }

    bool IsToldOfAll => _directories.Count > 0 && _directories.Values.All(watch => watch is { IsGone: false });

    void WatchDirectories()
    {
        if (!context.Watch)
        {
            return;
        }

        foreach (var (directory, watch) in _directories.Where(pair => !_looked.Contains(pair.Key)).ToList())
        {
            _directories.Remove(directory);
            if (watch is not null)
            {
                context.Watcher?.Release(watch, null, this);
            }
        }

        foreach (var directory in _looked)
        {
            if (!_directories.TryGetValue(directory, out var watch) || watch is null or { IsGone: true })
            {
                _directories[directory] = context.Watcher?.TryWatchDirectory(directory, null, this);
            }
        }
    }
}
