using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>
/// Finds, beside a path, the files that had its name before: those that were being read and were renamed, copied or compressed
/// meanwhile, and those that came and went after them. What is new is told by what is known: of every file with a rotated name
/// that need not be read a position is kept, too.
/// </summary>
sealed class RotatedFiles
{
    /// <summary>Nanoseconds that a copy of what is known must not have changed for, so that it is taken for finished.</summary>
    const long Finished = 60 * Timestamps.Second;

    readonly SourceContext _context;
    readonly string _path;
    readonly List<(string Path, DirectoryListing Listing)> _places = [];
    readonly IReadOnlyList<SourcePosition> _kept;
    readonly RotatedFile? _current;
    // Files of which is known what they hold, those of them that are to be read on, and positions whose content is no longer where it was.
    readonly List<RotatedFile> _homes = [];
    readonly List<RotatedFile> _unfinished = [];
    readonly List<SourcePosition> _homeless = [];
    readonly IEnumerable<OpenFile> _open;

    RotatedFiles(string path, SourceContext context, IReadOnlyList<SourcePosition> kept, IEnumerable<OpenFile> open)
    {
        _open = open;
        _context = context;
        _path = path;
        _kept = kept;
        _current = TryRead(path, out var status) ? new(path, status) : null;
    }

    /// <summary>What is to be read before the path's own file, oldest first, and what is to be known of the others.</summary>
    /// <param name="path">The path that they had.</param>
    /// <param name="open">What is being read, or waits for its turn.</param>
    /// <param name="after">How old the listings of its directory may be: a timestamp of the clock.</param>
    public static (List<RotatedFile> Files, List<SourcePosition> Known) Find(string path, SourceContext context, IEnumerable<OpenFile> open, long after) =>
        new RotatedFiles(path, context, context.Positions.SeenAs(path), open).Find(after);

    /// <summary>A copy of a content that has ended: with all that was read of it, and perhaps more; null where there is none.</summary>
    /// <param name="isOpen">Tells whether the reader of the path has a file open.</param>
    public static RotatedFile? FindCopy(string path, SourceContext context, long after, SourcePosition reached, SourcePosition whole, Func<FileIdentity, bool> isOpen)
    {
        var search = new RotatedFiles(path, context, [], []);
        var copy = search.LikelyCopies().Concat(search.CandidatesAfter(after))
            .FirstOrDefault(file => (file.IsCompressed || file.Status.Size >= reached.Offset)
                && (context.Positions.FindOwn(file.Status) is null || isOpen(file.Status.Identity))
                && ContentComparison.LastHeld(file, [reached]) is not null);
        return copy is null ? null : copy with { Continues = whole };
    }

    /// <summary>What a file beside the path, of which nothing is known, is to its content: the beginning of a reading of it.</summary>
    public static CopyVerdict Judge(string path, RotatedFile file, SourceContext context)
    {
        var kept = context.Positions.SeenAs(path);
        if (kept.Count == 0)
        {
            return CopyVerdict.Other;
        }

        var search = new RotatedFiles(path, context, kept, []);
        search.ListPlaces(context.Clock.GetTimestamp());
        search.FindHomes();
        return search.IsCopy(file) ? CopyVerdict.Copy
            : ContentComparison.LastHeld(file, search._homeless) is { } position ? CopyVerdict.Holds(position)
            : CopyVerdict.Other;
    }

    (List<RotatedFile> Files, List<SourcePosition> Known) Find(long after)
    {
        if (_current is { } current && _kept is [{ Offset: > 0 } only] && only.Source == current.Status.Identity.Source && ContentComparison.IsHome(current, only))
        {
            return ([], []);
        }

        ListPlaces(after);
        FindHomes();
        var found = _unfinished.ToList();
        var known = new List<SourcePosition>();
        Sort(found, known);
        return ([.. found.DistinctBy(file => file.Status.Identity)
            .OrderBy(file => file.Status.Modified).ThenByDescending(file => RotatedName.Number(file.Path)).ThenBy(file => file.Path, StringComparer.Ordinal)], known);
    }

    /// <summary>The directories of the path and of what it links to: there the kubelet renames.</summary>
    void ListPlaces(long after)
    {
        Add(_path);
        try
        {
            if (File.GetAttributes(_path).HasFlag(FileAttributes.ReparsePoint) && File.ResolveLinkTarget(_path, returnFinalTarget: true) is { } target && target.FullName != _path)
            {
                Add(target.FullName);
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // What cannot be followed has no directory to look into.
        }

        void Add(string path) => _places.Add((path, _context.Positions.Listings.Get(Path.GetDirectoryName(path) ?? "/", after, _context.Clock)));
    }

    void FindHomes()
    {
        foreach (var position in _kept)
        {
            var isCurrent = _current is { } current && position.Source == current.Status.Identity.Source;
            var path = isCurrent ? _path : _places.Select(place => place.Listing.Find(position.Source)).FirstOrDefault(found => found is not null);
            if (path is not null && TryRead(path, out var status) && status.Identity.Source == position.Source
                && (isCurrent ? _current! : new(path, status)) is var file
                && !_open.Any(open => open.HasOtherContent && open.Identity == status.Identity) && ContentComparison.IsHome(file, position))
            {
                _homes.Add(file);
                if (!isCurrent && file.HasMoreThan(position))
                {
                    _unfinished.Add(file);
                }
            }
            else if (position.Offset > 0)
            {
                _homeless.Add(position);
            }
        }
    }

    /// <summary>Asked before a directory is read, that may be large: the name that logrotate gives, if it is not told otherwise.</summary>
    IEnumerable<RotatedFile> LikelyCopies() => TryRead(_path + ".1", out var status) ? [new(_path + ".1", status)] : [];

    IEnumerable<RotatedFile> CandidatesAfter(long after)
    {
        ListPlaces(after);
        return Candidates().OrderBy(file => file.IsCompressed).ThenByDescending(file => file.Status.Size);
    }

    IEnumerable<RotatedFile> Candidates()
    {
        foreach (var (original, listing) in _places)
        {
            foreach (var path in listing.BeginningWith(Path.GetFileName(RotatedName.CommonBeginning(original))))
            {
                if (RotatedName.IsOf(path, original) && !ContentProbe.IsBeingWritten(path) && TryRead(path, out var status) && status.Size > 0
                    && status.Identity != _current?.Status.Identity)
                {
                    yield return new(path, status);
                }
            }
        }
    }

    /// <summary>Tells, among files of which nothing is known, copies of what was read and has gone, copies of what is there, and new ones.</summary>
    void Sort(List<RotatedFile> found, List<SourcePosition> known)
    {
        var now = Timestamps.Now(TimeProvider.System);
        var isFirst = !_context.Positions.WasKnown(_path);
        foreach (var file in Candidates().DistinctBy(file => file.Status.Identity).OrderBy(file => file.IsCompressed).ThenByDescending(file => file.Status.Size))
        {
            if (_context.Positions.FindOwn(file.Status) is { } own && ContentComparison.IsHome(file, own))
            {
                continue;
            }

            if (_open.Any(open => open.Awaits(file)))
            {
                continue;
            }

            if (IsCopy(file))
            {
                // The path's own file may be cut at any time: then its copy goes on with it.
                if (file.Status.Modified < now - Finished && !IsCopyOfCurrent(file))
                {
                    AddKnown(known, file);
                }
            }
            else if (ContentComparison.LastHeld(file, _homeless) is { } position)
            {
                found.Add(file with { Continues = position });
                _homes.Add(file);
            }
            else if (!isFirst || file.Status.Born >= _context.StartedAt)
            {
                found.Add(file);
                _homes.Add(file);
            }
            else if (!_context.IsMatched(file.Path))
            {
                AddKnown(known, file);
            }
        }
    }

    void AddKnown(List<SourcePosition> known, RotatedFile file)
    {
        if (_context.Positions.FormerOf(file.Status) is { } former)
        {
            known.Add(former);
        }

        var generation = _context.Positions.Find(file.Status.Identity.Source) is { } before ? before.Generation + 1 : 0;
        if (ContentProbe.PositionAtEnd(file, _path, generation) is { } position)
        {
            known.Add(position);
        }
    }

    bool IsCopy(RotatedFile file) => IsCopyOfCurrent(file) || _open.Any(open => open.IsCopiedIn(file)) || _homes.Exists(home => home != _current && ContentComparison.IsBeginningOf(file, home));

    bool IsCopyOfCurrent(RotatedFile file) => _current is { } current && ContentComparison.IsBeginningOf(file, current);

    static bool TryRead(string path, out FileStatus status) => FileStatus.TryRead(path, out status) && status.Kind == FileKind.Regular;
}
