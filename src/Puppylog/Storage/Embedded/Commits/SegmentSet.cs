using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>The segments that are being written: one per day, and one for records of many days. One thread at a time.</summary>
/// <param name="files">Where they lie.</param>
/// <param name="directory">The data directory.</param>
/// <param name="store">The store's id.</param>
/// <param name="sealBlocks">Blocks after which a segment is sealed, for compaction to join them.</param>
sealed class SegmentSet(IFileSystem files, string directory, Guid store, int sealBlocks) : IDisposable
{
    /// <summary>Above this many open segments the one unused longest is sealed.</summary>
    const int MaxOpen = 64;

    readonly Dictionary<int, OpenSegment> _byDay = [];
    readonly List<SegmentRow> _abandoned = [];
    readonly HashSet<string> _unsyncedDirectories = [];

    // Directories whose own entry was made to last by this process: one that a crashed process has made may not be.
    readonly HashSet<string> _lastingDirectories = [];
    OpenSegment? _mixed;
    long _nextId = 1;
    long _uses;

    /// <summary>Bytes after which a segment is sealed.</summary>
    public required long SealLength { get; set; }

    public Guid Store => store;

    IEnumerable<OpenSegment> All => _mixed is null ? _byDay.Values : _byDay.Values.Append(_mixed);

    /// <summary>Takes over what the catalogue says; numbers below <paramref name="nextId"/> are used.</summary>
    /// <param name="rows">The segments.</param>
    /// <param name="nextId">The first number that is free.</param>
    /// <param name="recorded">What the catalogue says about one.</param>
    public void Load(IEnumerable<SegmentRow> rows, long nextId, Func<long, RecordedSegment?> recorded)
    {
        _nextId = Math.Max(_nextId, nextId);
        foreach (var row in rows)
        {
            if (row.State == SegmentState.Open && !_abandoned.Exists(abandoned => abandoned.Id == row.Id))
            {
                Put(new OpenSegment(row.Id, row.Day, row.Length) { Blocks = recorded(row.Id)?.Blocks ?? 0 });
            }
        }
    }

    /// <summary>A number that no segment has had.</summary>
    public long NewId() => _nextId++;

    /// <summary>The open segments that a condition holds for, with blocks in them.</summary>
    public List<OpenSegment> Open(Func<long, bool> isMeant) =>
        [.. All.Where(segment => segment.State == SegmentState.Open && segment.Blocks > 0 && isMeant(segment.Id))];

    /// <summary>The segment that takes blocks of a day; made where there is none.</summary>
    public OpenSegment Take(int? day)
    {
        var segment = day is { } known ? _byDay.GetValueOrDefault(known) : _mixed;
        if (segment is null)
        {
            segment = Create(day);
        }
        else
        {
            segment.File ??= files.OpenWrite(PathOf(segment));
        }

        segment.LastUse = ++_uses;
        return segment;
    }

    public void Append(OpenSegment segment, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        segment.File ??= files.OpenWrite(PathOf(segment));
        segment.IsDirty = true;
        segment.File.Write(segment.Length, pieces);
        segment.Length += pieces.Sum(piece => (long)piece.Length);
    }

    /// <summary>Segments that take no more: full ones, and the ones unused longest of too many.</summary>
    public List<OpenSegment> DueForSealing()
    {
        var due = All.Where(segment => segment.State == SegmentState.Open && (segment.Length >= SealLength || segment.Blocks >= sealBlocks)).ToList();
        var surplus = _byDay.Count - MaxOpen;
        if (surplus > 0)
        {
            due.AddRange(_byDay.Values.OrderBy(segment => segment.LastUse).Take(surplus).Where(segment => !due.Contains(segment)));
        }

        return due;
    }

    /// <summary>Ends a segment with its index.</summary>
    public void Seal(OpenSegment segment, IReadOnlyList<FrameEntry> frames)
    {
        Append(segment, [SegmentFooter.ToBytes(frames)]);
        segment.State = SegmentState.Sealed;
    }

    /// <summary>Makes everything written last: files, then the directories of new ones.</summary>
    /// <exception cref="SegmentSyncException">A file could not be synced; it is abandoned.</exception>
    public void Sync()
    {
        foreach (var segment in All.Where(segment => segment.IsDirty))
        {
            try
            {
                segment.File!.Sync();
            }
            catch (IOException e)
            {
                segment.State = SegmentState.Abandoned;
                throw new SegmentSyncException(PathOf(segment), e);
            }
        }

        foreach (var path in _unsyncedDirectories)
        {
            files.SyncDirectory(path);
        }

        _lastingDirectories.UnionWith(_unsyncedDirectories);
        _unsyncedDirectories.Clear();
    }

    /// <summary>What the next transaction must record about segments.</summary>
    public List<SegmentRow> Changes() => [.. _abandoned, .. All.Where(segment => segment.IsDirty).Select(segment => segment.Row)];

    /// <summary>The transaction went through: what was written counts.</summary>
    public void Accept()
    {
        _abandoned.Clear();
        foreach (var segment in All.Where(segment => segment.IsDirty).ToList())
        {
            segment.IsDirty = false;
            if (segment.State != SegmentState.Open)
            {
                Remove(segment);
            }
        }
    }

    /// <summary>
    /// Cuts what was written back to what the catalogue has recorded; segments that it does not know are removed. May be
    /// called again after it has thrown.
    /// </summary>
    /// <param name="recorded">What is recorded of a segment; null where nothing is.</param>
    public void CutBack(Func<long, RecordedSegment?> recorded)
    {
        foreach (var segment in All.Where(segment => segment.IsDirty).ToList())
        {
            var known = recorded(segment.Id);
            if (segment.State == SegmentState.Abandoned)
            {
                Abandon(segment, known?.Length);
            }
            else if (known is { State: not SegmentState.Open })
            {
                // It was sealed after all: nothing is behind what is recorded, and nothing will be.
                Remove(segment);
            }
            else if (known is not { } row)
            {
                segment.File?.Dispose();
                files.Delete(PathOf(segment));
                Remove(segment);
            }
            else
            {
                (segment.File ??= files.OpenWrite(PathOf(segment))).SetLength(row.Length);
                segment.Length = row.Length;
                segment.Blocks = row.Blocks;
                segment.State = SegmentState.Open;
                segment.IsDirty = false;
            }
        }
    }

    /// <summary>Removes the folders of days that nothing is in any more. A courtesy: what cannot be removed stays.</summary>
    public void RemoveEmpty(IEnumerable<string> folders)
    {
        try
        {
            // Before the removal: a folder that is made again must be made to last again.
            foreach (var folder in folders.Where(folder => !All.Any(segment => Path.GetDirectoryName(PathOf(segment)) == folder)))
            {
                _lastingDirectories.Remove(folder);
                if (files.TryDeleteDirectory(folder))
                {
                    _unsyncedDirectories.Remove(folder);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Dispose()
    {
        foreach (var segment in All)
        {
            segment.File?.Dispose();
        }
    }

    OpenSegment Create(int? day)
    {
        var segment = new OpenSegment(NewId(), day, 0) { IsDirty = true };
        var path = PathOf(segment);
        var days = DataLayout.Days(directory);
        var folder = Path.GetDirectoryName(path)!;
        files.CreateDirectory(days);
        files.CreateDirectory(folder);
        if (!_lastingDirectories.Contains(folder))
        {
            _unsyncedDirectories.Add(days);
            _unsyncedDirectories.Add(directory);
        }

        segment.File = files.Create(path);
        _unsyncedDirectories.Add(folder);
        Put(segment);
        Append(segment, [new SegmentHeader(segment.Id, day, store).ToBytes()]);
        return segment;
    }

    // Nothing certain can be done to the file any more: cutting it is a courtesy, its recorded part stays readable.
    void Abandon(OpenSegment segment, long? recorded)
    {
        try
        {
            if (recorded is { } length)
            {
                segment.File?.SetLength(length);
            }
            else
            {
                files.Delete(PathOf(segment));
            }
        }
        catch (IOException)
        {
        }

        if (recorded is { } known)
        {
            _abandoned.Add(new(segment.Id, segment.Day, known, SegmentState.Abandoned));
        }

        Remove(segment);
    }

    void Put(OpenSegment segment)
    {
        if (segment.Day is { } day)
        {
            _byDay[day] = segment;
        }
        else
        {
            _mixed = segment;
        }
    }

    void Remove(OpenSegment segment)
    {
        segment.File?.Dispose();
        segment.File = null;
        if (segment.Day is { } day)
        {
            _byDay.Remove(day);
        }
        else
        {
            _mixed = null;
        }
    }

    string PathOf(OpenSegment segment) => Path.Combine(directory, DataLayout.SegmentFile(segment.Id, segment.Day));
}
