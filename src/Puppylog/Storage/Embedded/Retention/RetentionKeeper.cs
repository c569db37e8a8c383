using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Retention;

/// <summary>Remembers what a store keeps, and drops the rest when asked to.</summary>
sealed class RetentionKeeper(string directory, EmbeddedStoreOptions options, CommitWriter writer, CatalogReader catalog)
{
    /// <summary>A bound by size is kept to within this part of it.</summary>
    const int SealParts = 16;

    const long MinSealLength = 1 << 20;

    readonly ClockJump _clock = new(options.Clock);

    public RetentionPolicy Policy =>
        RetentionPolicy.Of(catalog.Number(UpkeepNumber.RetainAge), catalog.Number(UpkeepNumber.RetainBytes));

    public Task<RetentionPolicy> SetAsync(RetentionChange change, CancellationToken cancellationToken) => writer.ChangeAsync(
        (catalog, segments) =>
        {
            var set = new List<(UpkeepNumber, long)>();
            if (change.Age is { } age)
            {
                set.Add((UpkeepNumber.RetainAge, age.Ticks * 100));
            }

            if (change.Bytes is { } bytes)
            {
                set.Add((UpkeepNumber.RetainBytes, bytes));
            }

            if (set.Count > 0)
            {
                catalog.Apply(new UpkeepChange(Timestamps.Now(options.Clock)) { Set = set });
            }

            var policy = RetentionPolicy.Of(catalog.Number(UpkeepNumber.RetainAge), catalog.Number(UpkeepNumber.RetainBytes));
            segments.SealLength = SealLength(policy, options.SealLength);
            return policy;
        },
        cancellationToken);

    /// <summary>Drops what the policy does not keep.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Keep(CancellationToken cancellation)
    {
        var policy = Policy;
        var isTrusted = _clock.IsTrusted();
        if (policy.KeepsEverything)
        {
            return;
        }

        var now = Timestamps.Now(options.Clock);
        var plan = RetentionPlan.Make(catalog.Summaries(), policy, isTrusted ? now : null, OtherBytes());
        if (plan.Sealed.Count > 0)
        {
            writer.ChangeAsync((catalog, segments) => OpenSegments.Seal(catalog, segments, plan.Sealed.Contains), cancellation).GetAwaiter().GetResult();
        }

        if (plan.Dropped.Count > 0)
        {
            writer.ChangeAsync((catalog, _) => Drop(catalog, plan.Dropped, now), cancellation).GetAwaiter().GetResult();
        }
    }

    public static long SealLength(RetentionPolicy policy, long length) =>
        policy.Bytes is { } bytes ? Math.Min(length, Math.Max(MinSealLength, bytes / SealParts)) : length;

    static bool Drop(CatalogWriter catalog, IReadOnlyList<SegmentSummary> dropped, long now)
    {
        var left = dropped.Where(segment => catalog.FindSegment(segment.Segment.Id) is not null).ToList();
        catalog.Apply(new UpkeepChange(now)
        {
            Removed = [.. left.Select(segment => segment.Segment.Id)],
            Set = [(UpkeepNumber.DroppedAt, now)],
            Add =
            [
                (UpkeepNumber.DroppedSegments, left.Count), (UpkeepNumber.DroppedRecords, left.Sum(segment => segment.Records)),
                (UpkeepNumber.DroppedBytes, left.Sum(segment => segment.Segment.Length)),
            ],
        });
        return true;
    }

    /// <summary>
    /// What counts beside segments. Files on their way out do not: they would make it drop more than is too much.
    /// </summary>
    long OtherBytes()
    {
        var catalog = DataLayout.CatalogFile(directory);
        string[] parts = [catalog, catalog + "-wal", catalog + "-shm"];
        return parts.Select(path => new FileInfo(path)).Sum(file => file.Exists ? file.Length : 0) + options.Files.ListFiles(DataLayout.Quarantine(directory)).Sum(options.Files.Length);
    }
}
