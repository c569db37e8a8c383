using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Recovery;

/// <summary>
/// Brings the segment files in line with the catalogue before the first commit. What is behind a recorded length was never
/// acknowledged by this catalogue, yet it goes to quarantine: the catalogue may be the one that is wrong.
/// </summary>
sealed class StartUp(string directory, EmbeddedStoreOptions options)
{
    readonly IFileSystem _files = options.Files;

    /// <summary>Segments without a catalogue: somebody has removed it, and an empty new one would hide all records.</summary>
    /// <exception cref="LogStoreException">There are such segments.</exception>
    public void RefuseWithoutCatalog()
    {
        if (!CatalogSchema.IsThere(directory) && SegmentPaths().Count > 0)
        {
            throw CatalogSchema.Lost(directory);
        }
    }

    /// <summary>Returns the lowest number that no segment has.</summary>
    /// <exception cref="LogStoreException">More is behind the recorded lengths than commits under way can have left.</exception>
    public long Align(CatalogWriter catalog)
    {
        DeleteUnfinished(catalog);
        var recorded = catalog.Segments();
        var leaving = catalog.Leavings();
        var paths = SegmentPaths();
        foreach (var segment in leaving)
        {
            // It was replaced or dropped; it goes when its time has come.
            paths.Remove(segment.Segment);
        }

        var tails = Tails(recorded, paths, out var shortened);
        Refuse(tails, catalog.InFlight());
        if (tails.Count > 0)
        {
            catalog.Confirm();
        }

        foreach (var segment in shortened)
        {
            catalog.MarkDamaged(segment.Id, paths.TryGetValue(segment.Id, out var path) ? _files.Length(path) : 0);
        }

        var quarantine = new Quarantine(_files, directory, options.Clock);
        foreach (var (path, offset, length) in tails)
        {
            SetAside(quarantine, path, offset, length);
        }

        long[] used = [catalog.Number(UpkeepNumber.LastSegment), .. recorded.Select(segment => segment.Id), .. paths.Keys];
        return used.Max() + 1;
    }

    /// <summary>What compaction had begun: the catalogue says that it was never taken in.</summary>
    void DeleteUnfinished(CatalogWriter catalog)
    {
        var unfinished = catalog.Leavings().FindAll(leaving => leaving.Since is null);
        if (unfinished.Count > 0)
        {
            catalog.Confirm();
            new Leavings(directory, _files).Delete(unfinished);
            catalog.Apply(new UpkeepChange(Timestamps.Now(options.Clock)) { Deleted = [.. unfinished.Select(leaving => leaving.Segment)] });
        }

        // Those of a catalogue that was lost or rebuilt since.
        foreach (var path in _files.ListFiles(DataLayout.Days(directory)).Where(DataLayout.IsUnfinished))
        {
            _files.Delete(path);
        }
    }

    void SetAside(Quarantine quarantine, string path, long? offset, long length)
    {
        if (offset is not { } from)
        {
            quarantine.Take(path, "a segment that no commit has recorded, left by a crash");
            return;
        }

        quarantine.KeepTail(path, from, $"{length} bytes behind the recorded length, left by a crash");
        using var file = _files.OpenWrite(path);
        file.SetLength(from);
        file.Sync();
    }

    List<(string Path, long? Offset, long Length)> Tails(
        List<SegmentRow> recorded, Dictionary<long, string> paths, out List<SegmentRow> shortened)
    {
        var tails = new List<(string, long?, long)>();
        shortened = [];
        var known = new HashSet<long>();
        foreach (var segment in recorded)
        {
            known.Add(segment.Id);
            var length = paths.TryGetValue(segment.Id, out var path) ? _files.Length(path) : -1;
            if (length > segment.Length)
            {
                tails.Add((path!, segment.Length, length - segment.Length));
            }
            else if (length < segment.Length && segment.State != SegmentState.Damaged)
            {
                shortened.Add(segment);
            }
        }

        foreach (var (id, path) in paths)
        {
            if (!known.Contains(id))
            {
                tails.Add((path, null, _files.Length(path)));
            }
        }

        return tails;
    }

    void Refuse(List<(string Path, long? Offset, long Length)> tails, long inFlight)
    {
        var bytes = tails.Sum(tail => tail.Length);
        if (bytes > CommitWriter.MostUnrecorded(inFlight))
        {
            throw new LogStoreException(
                $"the segments in {directory} hold {bytes} bytes that the catalogue does not know, more than a crash can leave: the catalogue "
                + $"may be an older copy; take them in: puppylog store verify --repair --data {directory}");
        }
    }

    Dictionary<long, string> SegmentPaths()
    {
        var paths = new Dictionary<long, string>();
        foreach (var path in _files.ListFiles(DataLayout.Days(directory)))
        {
            if (DataLayout.SegmentId(path) is { } id)
            {
                paths[id] = path;
            }
        }

        return paths;
    }
}
