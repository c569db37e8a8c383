using System.Globalization;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>
/// Makes a damaged store whole again, with all that can be read of it. Needs the directory for itself. Deletes nothing: what
/// leaves the store is in quarantine, with a note.
/// </summary>
sealed class StoreRepair(string directory, EmbeddedStoreOptions options, VerifyProgress progress)
{
    /// <exception cref="LogStoreException">There is no store, it is being written, or it cannot be written.</exception>
    public async Task<RepairReport> RunAsync(CancellationToken cancellationToken)
    {
        using var taken = Lock();
        try
        {
            DeleteDrafts();
            var before = await VerifyAsync(cancellationToken).ConfigureAwait(false);
            if (before.IsClean)
            {
                return new(before, [], before);
            }

            var steps = before.NeedsRebuild
                ? await new CatalogRebuild(directory, options).RunAsync(before, cancellationToken).ConfigureAwait(false)
                : Mend(before);
            return new(before, steps, await VerifyAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException($"cannot repair the store in {directory}: {e.Message}; nothing was deleted, run it again", e);
        }
    }

    /// <summary>Segments that were begun and never taken in, by a repair or by compaction: nobody writes now.</summary>
    void DeleteDrafts()
    {
        foreach (var draft in options.Files.ListFiles(DataLayout.Days(directory)).Where(path => path.EndsWith(DataLayout.UnfinishedExtension, StringComparison.Ordinal)))
        {
            options.Files.Delete(draft);
        }
    }

    DirectoryLock Lock()
    {
        if (!Directory.Exists(directory))
        {
            throw new LogStoreException($"there is no store in {directory}");
        }

        try
        {
            return DirectoryLock.TryTake(directory) ?? throw new LogStoreException(
                string.Create(CultureInfo.InvariantCulture, $"another process{(DirectoryLock.Owner(directory) is { } id ? $" (pid {id})" : "")} writes into {directory}; stop it, then repair"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException($"cannot write into the data directory {directory}: {e.Message}; repair it as its owner", e);
        }
    }

    Task<VerificationReport> VerifyAsync(CancellationToken cancellationToken) =>
        new StoreVerifier(directory, options, progress) { HoldsLock = true }.RunAsync(cancellationToken);

    /// <summary>The catalogue is right; segments are not, or positions.</summary>
    List<string> Mend(VerificationReport found)
    {
        var catalog = found.Catalog!;
        var recorded = Recorded(found);
        var rewrite = new SegmentRewrite(options.Files, directory, catalog.Store!.Value);
        var replacements = new SegmentReplacements(directory, options, rewrite, SegmentNumbers.Next(directory, options.Files, catalog));
        var damaged = found.Segments.Where(segment => segment.Damage.Count > 0).ToList();
        ExpectUnrecorded(damaged.Sum(segment => segment.Contents is null ? 0 : options.Files.Length(Path.Combine(directory, segment.Path))));
        foreach (var segment in damaged)
        {
            replacements.Replace(segment, Kept(segment, recorded, catalog.LastCommit));
        }

        var moves = new CommitMoves();
        foreach (var frame in found.Segments.SelectMany(segment => segment.Blocks).Where(block => block.Recorded is not null).Select(block => block.Frame).OfType<FoundFrame>())
        {
            moves.Add(frame);
        }

        var stored = catalog.Positions.ToDictionary(position => position.Source, StringComparer.Ordinal);
        var behind = moves.Positions.Where(position => !stored.TryGetValue(position.Source, out var known) || StoreVerifier.IsBehind(known, position)).ToList();
        CatalogRepair.Apply(directory, new(
            null, catalog.LastCommit, 0, [.. replacements.Removed], replacements.Rows, replacements.Blocks, replacements.Joined, behind, [],
            Timestamps.Now(options.Clock)));
        replacements.TakeAway();
        return [.. replacements.Steps, .. behind.Select(position => $"the position of {position.Path} is set to what was stored of it")];
    }

    /// <summary>Old and new files lie beside each other for a while; an interruption must not look like lost commits to a writer.</summary>
    void ExpectUnrecorded(long bytes) =>
        CatalogRepair.Apply(directory, new(null, 0, bytes, [], [], [], [], [], [], Timestamps.Now(options.Clock)));

    /// <summary>The blocks of a segment that count, each once: also blocks that the catalogue has lost, where nothing else holds them.</summary>
    static List<ExaminedBlock> Kept(ExaminedSegment segment, HashSet<(long, int)> recorded, long lastCommit)
    {
        var kept = segment.Blocks.FindAll(block => block.Recorded is not null);
        foreach (var block in segment.Blocks.Where(block => block.IsWhole && block.Recorded is null && block.Entry.Commit <= lastCommit))
        {
            if (CommitMoves.Parts(block.Frame!).All(part => recorded.Add((part.Commit, part.Ordinal))))
            {
                kept.Add(block);
            }
        }

        return kept;
    }

    /// <summary>The parts of all blocks that the catalogue has.</summary>
    static HashSet<(long Commit, int Ordinal)> Recorded(VerificationReport found)
    {
        var recorded = new HashSet<(long, int)>();
        foreach (var block in found.Segments.SelectMany(segment => segment.Blocks).Where(block => block.Recorded is not null))
        {
            recorded.Add((block.Recorded!.Value.Commit, block.Recorded.Value.Ordinal));
            if (block.Frame is { } frame)
            {
                recorded.UnionWith(CommitMoves.Parts(frame).Select(part => (part.Commit, part.Ordinal)));
            }
        }

        return recorded;
    }
}
