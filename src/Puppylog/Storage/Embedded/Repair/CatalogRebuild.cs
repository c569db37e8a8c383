using System.Globalization;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Recovery;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Storage.Embedded.Repair;

/// <summary>Makes a new catalogue from what the segments say of themselves (docs/formats/segment.md). The old one is kept.</summary>
sealed class CatalogRebuild(string directory, EmbeddedStoreOptions options)
{
    /// <summary>Returns what was done, a sentence each.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(VerificationReport found, CancellationToken cancellationToken)
    {
        var segments = await new StoreVerifier(directory, options, new VerifyProgress()).ExamineFilesAsync(cancellationToken).ConfigureAwait(false);
        var choice = new FrameChoice(segments);
        var store = segments.Select(segment => segment.Contents!.Header?.Store).FirstOrDefault(id => id is not null) ?? found.Catalog?.Store ?? Guid.NewGuid();
        var rewrite = new SegmentRewrite(options.Files, directory, store);
        var replacements = new SegmentReplacements(
            directory, options, rewrite, SegmentNumbers.Next(directory, options.Files, found.Catalog));
        var (rows, blocks) = Adopt(segments, choice, replacements);
        var joined = segments.SelectMany(choice.Of).Select(block => (block.Entry, CommitMoves.Joined(block.Frame!)))
            .Where(block => block.Item2 is not null).Select(block => (block.Entry, block.Item2!)).ToList();
        var positions = Positions(choice, found.Catalog, out var older);
        var groups = Definitions(GroupCatalog.File, GroupCatalog.Read);
        var keys = Definitions(ApiKeyCatalog.File, ApiKeyCatalog.Read);
        var metrics = Definitions(MetricCatalog.File, MetricCatalog.Read);
        var alerts = Definitions(AlertCatalog.File, AlertCatalog.Read);
        var past = AlertPast();
        Write(new(
            store, Math.Max(choice.LastCommit, found.Catalog?.LastCommit ?? 0), replacements.Bytes, [], [.. rows, .. replacements.Rows],
            [.. blocks, .. replacements.Blocks], joined, positions, [.. choice.Moves.Keys], Timestamps.Now(options.Clock)));
        GroupCatalog.Restore(directory, groups);
        ApiKeyCatalog.Restore(directory, keys);
        if (metrics.Count > 0)
        {
            // What they had counted is counted again from the records.
            MetricCatalog.Add(directory, [], [.. metrics.Select(metric => (metric.Id, metric.Definition, metric.Created))], null);
        }

        if (alerts.Count > 0)
        {
            AlertCatalog.Restore(directory, alerts, past);
        }

        replacements.TakeAway();
        return
        [
            string.Create(CultureInfo.InvariantCulture,
                $"the catalogue was rebuilt from {Count(rows.Count + replacements.Rows.Count, "segment")}: {Count(blocks.Count + replacements.Blocks.Count, "block")} up to commit {choice.LastCommit}; what was there of the old one is in quarantine"),
            .. replacements.Steps,
            string.Create(CultureInfo.InvariantCulture,
                $"{Count(positions.Count, "position")} of sources known, {older} only from the old catalogue; lines without records behind them are read again, none is stored twice"),
        ];
    }

    static string Count(long count, string what) => SegmentReplacements.Count(count, what);

    (List<SegmentRow> Rows, List<BlockRow> Blocks) Adopt(List<ExaminedSegment> segments, FrameChoice choice, SegmentReplacements replacements)
    {
        var (rows, blocks) = (new List<SegmentRow>(), new List<BlockRow>());
        foreach (var segment in segments)
        {
            var kept = choice.Of(segment);
            if (kept.Count == 0)
            {
                replacements.Retire(segment, segment.Blocks.Count == 0 ? "nothing of it can be read" : "none of its blocks counts: other segments have them, or their commits are not complete");
            }
            else if (kept.Count == segment.Blocks.Count && segment.Damage.Count == 0)
            {
                // Without an index it may be one whose fsync failed: it is never written again.
                var isSealed = segment.Contents!.Footer is not null;
                var length = isSealed ? options.Files.Length(Path.Combine(directory, segment.Path)) : segment.Contents.End;
                rows.Add(new(segment.Id, segment.Day, length, isSealed ? SegmentState.Sealed : SegmentState.Abandoned));
                blocks.AddRange(kept.Select(block => new BlockRow(segment.Id, segment.Day, block.Entry)));
            }
            else
            {
                replacements.Replace(segment, kept);
            }
        }

        return (rows, blocks);
    }

    /// <summary>From the segments; of sources that they do not name, from the old catalogue where it could be read.</summary>
    static List<SourcePosition> Positions(FrameChoice choice, CatalogImage? catalog, out int older)
    {
        var positions = choice.Moves.Positions.ToList();
        var known = positions.Select(position => position.Source).ToHashSet(StringComparer.Ordinal);
        var others = (catalog?.Positions ?? []).Where(position => known.Add(position.Source)).ToList();
        older = others.Count;
        return [.. positions, .. others];
    }

    /// <summary>From the file beside the catalogue, which is never the older one of the two; else from the old catalogue where it can be read.</summary>
    IReadOnlyList<T> Definitions<T>(DefinitionFile<T> file, Func<string, IReadOnlyList<T>> catalog)
        where T : class
    {
        try
        {
            return file.Exists(options.Files, directory) ? file.Read(options.Files, directory) : catalog(directory);
        }
        catch (Exception e) when (e is LogStoreException or IOException)
        {
            return [];
        }
    }

    /// <summary>Where alerts stood and what they did, which only a catalogue knows; null where it cannot be read.</summary>
    AlertPast? AlertPast()
    {
        try
        {
            return AlertCatalog.Past(directory);
        }
        catch (LogStoreException)
        {
            return null;
        }
    }

    /// <summary>Written aside, then put in the place of the old one: a crash in between leaves none, which is repaired again.</summary>
    void Write(CatalogRevision revision)
    {
        var aside = Path.Combine(directory, "rebuild");
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }

        options.Files.CreateDirectory(aside);
        Directory.CreateDirectory(aside);
        CatalogRepair.Apply(aside, revision);
        var quarantine = new Quarantine(options.Files, directory, options.Clock);
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(DataLayout.CatalogFile(directory) + suffix))
            {
                quarantine.Take(DataLayout.CatalogFile(directory) + suffix, "store verify --repair has rebuilt the catalogue from the segments; this is the old one");
            }
        }

        File.Move(DataLayout.CatalogFile(aside), DataLayout.CatalogFile(directory));
        options.Files.SyncDirectory(directory);
        Directory.Delete(aside, recursive: true);
    }
}
