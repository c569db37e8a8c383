using System.Globalization;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Verification;

/// <summary>
/// Reads all of a store: every checksum and every line of every segment, and the catalogue against them. Works beside a
/// writer: what is recorded at the beginning is what is verified.
/// </summary>
sealed class StoreVerifier(string directory, EmbeddedStoreOptions options, VerifyProgress progress)
{
    readonly List<Damage> _catalogDamage = [];
    readonly List<string> _notices = [];
    bool _needsRebuild;

    /// <summary>True where the caller holds the directory's lock: then nobody writes.</summary>
    public bool HoldsLock { get; init; }

    bool IsWritten => !HoldsLock && DirectoryLock.IsHeld(directory);

    /// <summary>The segment files by their own account, as if there were no catalogue.</summary>
    public async Task<List<ExaminedSegment>> ExamineFilesAsync(CancellationToken cancellationToken)
    {
        var examiner = new SegmentExaminer(directory, options, null);
        var segments = SegmentFiles().OrderBy(file => file.Key).Select(file => examiner.Examine(file.Key, DataLayout.SegmentDay(file.Value), null, [])).ToList();
        await CheckBodiesAsync(segments, cancellationToken).ConfigureAwait(false);
        return segments;
    }

    /// <exception cref="LogStoreException">There is no store, or it may not be read.</exception>
    public async Task<VerificationReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await VerifyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogStoreException($"cannot verify the store in {directory}: permission denied ({e.Message}); run it as the directory's owner", e);
        }
    }

    async Task<VerificationReport> VerifyAsync(CancellationToken cancellationToken)
    {
        var catalog = ReadCatalog();
        var segments = Examine(catalog);
        await CheckBodiesAsync(segments, cancellationToken).ConfigureAwait(false);
        if (catalog is not null)
        {
            segments.RemoveAll(IsGoneMeanwhile());
            CheckCatalog(catalog, segments);
        }

        return new(segments, _catalogDamage, _notices, catalog, _needsRebuild);
    }

    CatalogImage? ReadCatalog()
    {
        try
        {
            using var reader = CatalogReader.Open(directory);
            var wrong = reader.CheckIntegrity();
            foreach (var text in wrong.SelectMany(text => text.Split('\n')).Where(text => text.Length > 0).Take(5))
            {
                Blame($"SQLite finds it damaged: {text}");
            }

            _needsRebuild |= wrong.Count > 0;
            return reader.Image(directory);
        }
        catch (DamagedCatalogException e)
        {
            Blame(e.InnerException is { } inner ? $"it cannot be read: {inner.Message}" : "it is not there, or empty");
            _needsRebuild = true;
            return null;
        }
    }

    void Blame(string reason, DamageKind kind = DamageKind.Catalogue) => _catalogDamage.Add(new(kind, "catalog.db", reason));

    List<ExaminedSegment> Examine(CatalogImage? catalog)
    {
        var examiner = new SegmentExaminer(directory, options, catalog?.Store);
        var files = SegmentFiles();
        var examined = new List<ExaminedSegment>();
        var blocks = catalog?.Blocks.ToLookup(block => block.Segment, block => block.Frame);
        foreach (var leaving in catalog?.Leavings ?? [])
        {
            files.Remove(leaving.Segment);
        }

        foreach (var row in catalog?.Segments ?? [])
        {
            files.Remove(row.Id, out var path);
            examined.Add(examiner.Examine(row.Id, path is null ? row.Day : DataLayout.SegmentDay(path), row, [.. blocks![row.Id]]));
        }

        if (catalog?.OrphanBlocks > 0)
        {
            Blame(string.Create(CultureInfo.InvariantCulture, $"it names {catalog.OrphanBlocks} blocks of segments that it does not know"));
            _needsRebuild = true;
        }

        if (catalog is not null && !_needsRebuild)
        {
            JudgeUnrecorded(catalog, files);
        }

        if (_needsRebuild)
        {
            foreach (var (id, path) in files.OrderBy(file => file.Key))
            {
                examined.Add(examiner.Examine(id, DataLayout.SegmentDay(path), null, []));
            }
        }

        return examined;
    }

    Dictionary<long, string> SegmentFiles()
    {
        var files = new Dictionary<long, string>();
        foreach (var path in options.Files.ListFiles(DataLayout.Days(directory)))
        {
            if (DataLayout.SegmentId(path) is { } id)
            {
                files[id] = path;
            }
        }

        return files;
    }

    /// <summary>What is behind recorded lengths, and whole files that are not recorded: left by a crash, being written, or of a newer catalogue.</summary>
    void JudgeUnrecorded(CatalogImage catalog, Dictionary<long, string> unrecorded)
    {
        if (IsWritten)
        {
            return;
        }

        var bytes = unrecorded.Values.Sum(path => options.Files.Length(path));
        foreach (var row in catalog.Segments)
        {
            var path = Path.Combine(directory, DataLayout.SegmentFile(row.Id, row.Day));
            bytes += options.Files.FileExists(path) ? Math.Max(0, options.Files.Length(path) - row.Length) : 0;
        }

        if (bytes > CommitWriter.MostUnrecorded(catalog.InFlight))
        {
            Blame(string.Create(CultureInfo.InvariantCulture, $"the segments hold {bytes} bytes that it does not know, more than a crash can leave: it may be an older copy"));
            _needsRebuild = true;
        }
        else if (bytes > 0)
        {
            _notices.Add(string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes were left by a crash before they were acknowledged; the next writer puts them into quarantine"));
        }
    }

    async Task CheckBodiesAsync(List<ExaminedSegment> segments, CancellationToken cancellationToken)
    {
        progress.Total = segments.Sum(segment => segment.Blocks.Sum(block => (long)block.Entry.BodyLength));
        var work = segments.SelectMany(segment => segment.Blocks.Where(block => block.Flaws is null).Select(block => (segment, block)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(work, parallel, (item, _) =>
        {
            var (segment, block) = item;
            block.Flaws = Check(segment, block);
            progress.Add(block.Entry.BodyLength, block.Entry.Records);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);

        foreach (var segment in segments.Where(segment => segment.Contents is not null))
        {
            foreach (var block in segment.Blocks)
            {
                segment.Damage.AddRange(block.Flaws!.Select(flaw => OfFlaw(segment, block, flaw)));
            }
        }
    }

    static Damage OfFlaw(ExaminedSegment segment, ExaminedBlock block, BlockFlaw flaw) =>
        SegmentExaminer.OfBlock(DamageKind.Block, segment.Path, block.Entry, flaw.Reason) with
        {
            Column = flaw.Column,
            Offset = block.Entry.BodyOffset + flaw.Offset,
            Length = flaw.Length,
        };

    List<BlockFlaw> Check(ExaminedSegment segment, ExaminedBlock block)
    {
        var entry = block.Entry;
        try
        {
            using var file = options.Files.OpenRead(Path.Combine(directory, segment.Path));
            if (entry.BodyOffset < 0 || entry.BodyLength < 0 || entry.BodyOffset + entry.BodyLength > file.Length)
            {
                return [new(null, 0, entry.BodyLength, "the block reaches past the end of the file")];
            }

            var body = GC.AllocateUninitializedArray<byte>(entry.BodyLength);
            return file.Read(entry.BodyOffset, body) == body.Length
                ? BlockCheck.Run(body, options.Codec, entry)
                : [new(null, 0, entry.BodyLength, "the block cannot be read to its end")];
        }
        catch (IOException e)
        {
            return [new(null, 0, entry.BodyLength, $"cannot be read: {e.Message}")];
        }
    }

    /// <summary>Segments that compaction or retention has taken away since.</summary>
    Predicate<ExaminedSegment> IsGoneMeanwhile()
    {
        if (!IsWritten)
        {
            return _ => false;
        }

        using var reader = CatalogReader.Open(directory);
        var now = reader.Image(directory).Segments.Select(row => row.Id).ToHashSet();
        return segment => segment.Row is not null && !now.Contains(segment.Id);
    }

    void CheckCatalog(CatalogImage catalog, List<ExaminedSegment> segments)
    {
        if (catalog.Store is null)
        {
            Blame("the store's id is none");
            _needsRebuild = true;
        }

        var stores = segments.Select(segment => segment.Contents?.Header?.Store).OfType<Guid>().Distinct().ToList();
        if (stores.Count == 1 && stores[0] != catalog.Store)
        {
            Blame("it is of another store than all of the segments");
            _needsRebuild = true;
        }

        var last = catalog.Blocks.Count == 0 ? 0 : catalog.Blocks.Max(block => block.Frame.Commit);
        if (catalog.LastCommit < last)
        {
            Blame(string.Create(CultureInfo.InvariantCulture, $"its last commit is {catalog.LastCommit}, yet it has blocks of commit {last}"));
            _needsRebuild = true;
        }

        foreach (var segment in segments.Where(segment => segment.Row is { } row && row.Day != segment.Day))
        {
            Blame($"it has {segment.Path} under another day");
            _needsRebuild = true;
        }

        CheckPositions(catalog, segments);
    }

    void CheckPositions(CatalogImage catalog, List<ExaminedSegment> segments)
    {
        var stored = catalog.Positions.ToDictionary(position => position.Source, StringComparer.Ordinal);
        var moves = new CommitMoves();
        foreach (var frame in segments.SelectMany(segment => segment.Blocks).Where(block => block.Recorded is not null).Select(block => block.Frame).OfType<FoundFrame>())
        {
            moves.Add(frame);
        }

        foreach (var position in moves.Positions)
        {
            if (!stored.TryGetValue(position.Source, out var known) || IsBehind(known, position))
            {
                Blame($"the position of {position.Path} ({position.Source}) is behind what was stored of it: lines would be stored twice", DamageKind.Position);
            }
        }
    }

    public static bool IsBehind(SourcePosition position, SourcePosition other) =>
        position.Generation < other.Generation || (position.Generation == other.Generation && position.Offset < other.Offset);
}
