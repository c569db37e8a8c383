using Puppylog.Diagnostics;
using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>
/// Finds, beside a path, the files that had its name before: those that were being read and were renamed, copied or compressed
/// meanwhile, and those that came and went after them.
/// </summary>
sealed class RotatedFiles
{
    readonly SourceContext _context;
    readonly string _path;
    readonly List<(string Path, DirectoryListing Listing)> _places = [];
    readonly IReadOnlyList<SourcePosition> _kept;
    readonly bool _isThere;
    readonly FileStatus _current;
    // Files that still hold what their own position is of, and positions whose content is no longer where it was.
    readonly List<(RotatedFile File, SourcePosition Position)> _alive = [];
    readonly List<SourcePosition> _homeless = [];
    readonly IEnumerable<OpenFile> _open;
    bool _isCurrentKnown;

    RotatedFiles(string path, SourceContext context, IReadOnlyList<SourcePosition> kept, IEnumerable<OpenFile> open)
    {
        _open = open;
        _context = context;
        _path = path;
        _kept = kept;
        _isThere = TryRead(path, out _current);
    }

    /// <summary>The files with something unread, or not yet known to be read, oldest first; without those that may not be read.</summary>
    /// <param name="path">The path that they had.</param>
    /// <param name="open">What is being read, or waits for its turn.</param>
    /// <param name="after">How old the listings of its directory may be: a timestamp of the clock.</param>
    /// <param name="bornAfter">Files of which nothing was read count from this birth on: nanoseconds since 1970.</param>
    public static List<RotatedFile> Find(string path, SourceContext context, IEnumerable<OpenFile> open, long after, long bornAfter)
    {
        var kept = context.Positions.SeenAs(path);
        return kept.Count == 0 ? [] : new RotatedFiles(path, context, kept, open).Find(after, bornAfter);
    }

    /// <summary>A copy of a content that has ended: with all that was read of it, and perhaps more; null where there is none.</summary>
    public static RotatedFile? FindCopy(string path, SourceContext context, long after, SourcePosition reached, SourcePosition whole)
    {
        var search = new RotatedFiles(path, context, [], []);
        var copy = search.LikelyCopies().Concat(search.CandidatesAfter(after))
            .FirstOrDefault(file => (file.IsCompressed || file.Status.Size >= reached.Offset)
                && context.Positions.FindOwn(file.Status) is null
                && LastHeld(file, [reached]) is not null);
        return copy is null ? null : copy with { Continues = whole };
    }

    /// <summary>How far a file's content was read when it was another file's, by the names that it may have had; null where that is not known.</summary>
    public static SourcePosition? FindOrigin(string path, FileStatus status, SourceContext context)
    {
        var positions = RotatedName.Originals(path).SelectMany(context.Positions.SeenAs)
            .Where(position => position.Offset > 0 && position.Source != status.Identity.Source).ToList();
        return positions.Count == 0 ? null : LastHeld(new(path, status, null), positions);
    }

    List<RotatedFile> Find(long after, long bornAfter)
    {
        if (_isThere && _kept is [{ Offset: > 0 } only] && only.Source == _current.Identity.Source && Holds(_path, _current, only))
        {
            return [];
        }

        ListPlaces(after);
        FindHomes();
        var (copies, strangers) = _isCurrentKnown && _homeless.Count == 0 ? ([], []) : Sort(Candidates());
        var found = _alive.Where(file => file.File.HasMoreThan(file.Position)).Select(file => file.File).Concat(copies).ToList();
        // A file that waits for its turn does not tell of those before it.
        var last = _alive.Where(file => file.Position.Offset > 0).Select(file => file.File).Concat(copies).OrderBy(file => file.Time).LastOrDefault()
            ?? _alive.Select(file => file.File).OrderBy(file => file.Time).FirstOrDefault();
        if (!_isCurrentKnown)
        {
            found.AddRange(strangers.Where(file => file.IsRewritten || (last is not null ? IsLater(file, last, bornAfter) : IsLaterThanDeleted(file, bornAfter))));
        }

        return [.. found.DistinctBy(file => file.Status.Identity)
            .OrderBy(file => file.Time).ThenBy(file => file.Status.Modified).ThenByDescending(file => RotatedName.Number(file.Path)).ThenBy(file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>The directories of the path and of what it links to: there the kubelet renames.</summary>
    void ListPlaces(long after)
    {
        Add(_path);
        try
        {
            if (File.ResolveLinkTarget(_path, returnFinalTarget: true) is { } target && target.FullName != _path)
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
            var isCurrent = _isThere && position.Source == _current.Identity.Source;
            var path = isCurrent ? _path : _places.Select(place => place.Listing.Find(position.Source)).FirstOrDefault(found => found is not null);
            if (path is not null && TryRead(path, out var status) && status.Identity.Source == position.Source && Holds(path, status, position))
            {
                // One of which nothing was read may have been seen before those that came before it were looked for.
                _isCurrentKnown |= isCurrent && position.Offset > 0;
                if (!isCurrent)
                {
                    _alive.Add((new(path, status, null), position));
                }
            }
            else if (position.Offset > 0)
            {
                _homeless.Add(position);
            }
        }
    }

    /// <summary>Asked before a directory is read, that may be large: the name that logrotate gives, if it is not told otherwise.</summary>
    IEnumerable<RotatedFile> LikelyCopies() => TryRead(_path + ".1", out var status) ? [new(_path + ".1", status, null)] : [];

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
                    && !(_isThere && status.Identity == _current.Identity))
                {
                    yield return new(path, status, null);
                }
            }
        }
    }

    /// <summary>Tells copies of what was read and has gone, and files that are neither that nor copies of what is still there.</summary>
    (List<RotatedFile> Copies, List<RotatedFile> Strangers) Sort(IEnumerable<RotatedFile> candidates)
    {
        var copies = new Dictionary<SourcePosition, RotatedFile>();
        var strangers = new List<RotatedFile>();
        foreach (var file in candidates.DistinctBy(file => file.Status.Identity).OrderBy(file => file.IsCompressed).ThenByDescending(file => file.Status.Size))
        {
            if (_context.Positions.FindOwn(file.Status) is { } own && Holds(file.Path, file.Status, own))
            {
                continue;
            }

            if (LastHeld(file, _homeless) is { } position)
            {
                copies.TryAdd(position, file with { Continues = position });
            }
            else if (!_open.Any(open => open.IsCopiedIn(file)) && !(_isThere && IsCopy(file, new(_path, _current, null))) && !_alive.Exists(known => IsSame(file, known.File, known.Position)))
            {
                strangers.Add(file with { IsRewritten = _context.Positions.FindOwn(file.Status) is not null });
            }
        }

        return ([.. copies.Values], strangers);
    }

    /// <summary>Where what was read has been deleted, but is still open.</summary>
    bool IsLaterThanDeleted(RotatedFile file, long bornAfter)
    {
        var born = _open.Where(open => !(_isThere && open.Identity == _current.Identity)).Select(open => open.Born).DefaultIfEmpty(0).Max();
        return born > 0 && Math.Max(born, bornAfter) < (file.IsCompressed ? file.Status.Modified : file.Status.Born);
    }

    static bool IsLater(RotatedFile file, RotatedFile last, long bornAfter)
    {
        if (file.IsCompressed || last.IsCompressed || file.Status.Born == 0)
        {
            return file.Status.Modified >= Math.Max(last.Status.Modified, bornAfter);
        }

        return file.Status.Born > Math.Max(last.Status.Born, bornAfter);
    }

    /// <summary>Of the positions whose content the file holds, the one that is farthest; null for none.</summary>
    static SourcePosition? LastHeld(RotatedFile file, IReadOnlyList<SourcePosition> positions)
    {
        if (positions.Count == 0)
        {
            return null;
        }

        try
        {
            using var probe = ContentProbe.Open(file.Path);
            SourcePosition? last = null;
            foreach (var position in positions.OrderBy(position => position.Offset))
            {
                last = probe.Holds(position, file.Status.Born) ? position : last;
            }

            return last;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    static bool IsSame(RotatedFile file, RotatedFile known, SourcePosition read) =>
        known.IsCompressed || file.IsCompressed
            ? read.Offset > 0 && file.Length == known.Length && LastHeld(file, [read]) is not null
            : IsCopy(file, known);

    /// <summary>True where one file is the beginning of the other; a look at its first and its last bytes must do.</summary>
    public static bool IsCopy(RotatedFile file, RotatedFile of)
    {
        // A copy of a file that grows is never longer.
        var common = file.Status.Size;
        if (file.IsCompressed || of.IsCompressed || common == 0 || common > of.Status.Size)
        {
            return false;
        }

        try
        {
            using var copy = ContentProbe.Open(file.Path);
            using var original = ContentProbe.Open(of.Path);
            var piece = (int)Math.Min(common, Fingerprint.HeadLength);
            return IsSame(0, piece) && IsSame(common - piece, piece);

            bool IsSame(long offset, int length)
            {
                var (left, right) = (new byte[length], new byte[length]);
                return copy.TryRead(offset, left) && original.TryRead(offset, right) && left.AsSpan().SequenceEqual(right);
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>True where a file still holds what its own position is of. What is compressed does not change: its beginning tells.</summary>
    static bool Holds(string path, FileStatus status, SourcePosition position)
    {
        if (!Fingerprint.WasBorn(position, status.Born) || (!ContentProbe.IsCompressed(path) && status.Size < position.Offset))
        {
            return false;
        }

        var asked = ContentProbe.IsCompressed(path) ? position with { Offset = Fingerprint.HeadLengthOf(position), Fingerprint = Fingerprint.WithoutTail(position) } : position;
        return LastHeld(new(path, status, null), [asked]) is not null;
    }

    static bool TryRead(string path, out FileStatus status) => FileStatus.TryRead(path, out status) && status.Kind == FileKind.Regular;
}
