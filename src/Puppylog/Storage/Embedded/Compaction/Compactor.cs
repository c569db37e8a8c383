using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Writes the segments of a job anew as one and puts it in their place. One job at a time, on a thread of its own.</summary>
sealed class Compactor(string directory, EmbeddedStoreOptions options, CommitWriter writer, CatalogReader catalog)
{
    /// <summary>A joined segment must have this much fewer blocks, or it is not worth the exchange.</summary>
    const double MaxBlocksLeft = 0.9;

    readonly HashSet<long> _barred = [];

    /// <summary>Segments that cannot be compacted, or not to any use.</summary>
    public bool IsBarred(long segment) => _barred.Contains(segment);

    /// <summary>Why the last job that failed has failed; null when all is well.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Does a job; returns what it has come to, nothing where it was in vain.</summary>
    /// <exception cref="IOException">The disk does not take it; what was begun is a leaving.</exception>
    /// <exception cref="LogStoreException">The catalogue does not take it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; likewise.</exception>
    public CompactionReport Run(CompactionJob job, Pace pace, CancellationToken cancellation)
    {
        var (id, store) = writer.ChangeAsync((catalog, segments) => (Begin(catalog, segments, job.Day), segments.Store), cancellation).GetAwaiter().GetResult();
        AddedSegment added;
        try
        {
            added = Write(job, id, store, pace);
        }
        catch (CorruptDataException e)
        {
            Bar(job, e.Message);
            return default;
        }

        if (added.Frames.Count > job.Blocks * MaxBlocksLeft)
        {
            Bar(job, null);
            return default;
        }

        var report = new CompactionReport(job.Segments.Count, 1, job.Blocks, added.Frames.Count, job.Bytes, added.Segment.Length);
        writer.ChangeAsync((catalog, _) => Swap(catalog, job, added, report), cancellation).GetAwaiter().GetResult();
        return report;
    }

    long Begin(CatalogWriter catalog, SegmentSet segments, int? day)
    {
        var id = segments.NewId();
        catalog.Apply(new UpkeepChange(Now()) { Begun = new Leaving(id, day, 0, null) });
        return id;
    }

    AddedSegment Write(CompactionJob job, long id, Guid store, Pace pace)
    {
        using var target = new CompactedSegment(options.Files, directory, store, id, job.Day);
        var merger = new BlockMerger(options.Codec, target);
        foreach (var segment in job.Segments)
        {
            using var file = Open(segment.Segment);
            var source = new SourceSegment(file, catalog.FindKey);
            foreach (var row in catalog.BlocksOfSegment(segment.Segment.Id))
            {
                var before = target.Length;
                merger.Add(source.Read(row.Frame));
                pace.After(row.Frame.BodyLength + target.Length - before);
            }
        }

        merger.Finish();
        return target.Finish(job.Segments.Max(segment => segment.Written));
    }

    StoreFile Open(SegmentRow segment)
    {
        try
        {
            return options.Files.OpenRead(Path.Combine(directory, DataLayout.SegmentFile(segment.Id, segment.Day)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CorruptDataException($"{DataLayout.SegmentFile(segment.Id, segment.Day)} is not there", e);
        }
    }

    bool Swap(CatalogWriter catalog, CompactionJob job, AddedSegment added, CompactionReport report)
    {
        // Retention or a failed transaction's outcome may have been faster.
        if (job.Segments.Any(segment => catalog.FindSegment(segment.Segment.Id)?.Blocks != segment.Blocks))
        {
            return false;
        }

        catalog.Apply(new UpkeepChange(Now())
        {
            Removed = [.. job.Segments.Select(segment => segment.Segment.Id)],
            Added = added,
            Set = [(UpkeepNumber.CompactedAt, Now())],
            Add =
            [
                (UpkeepNumber.CompactedBlocksBefore, report.BlocksBefore), (UpkeepNumber.CompactedBlocksAfter, report.BlocksAfter),
                (UpkeepNumber.CompactedBytesBefore, report.BytesBefore), (UpkeepNumber.CompactedBytesAfter, report.BytesAfter),
            ],
        });
        return true;
    }

    void Bar(CompactionJob job, string? failure)
    {
        LastFailure = failure ?? LastFailure;
        _barred.UnionWith(job.Segments.Select(segment => segment.Segment.Id));
    }

    long Now() => Timestamps.Now(options.Clock);
}
