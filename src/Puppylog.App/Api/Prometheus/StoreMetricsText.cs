using Puppylog.App.Hosting;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Prometheus;

/// <summary>What the store holds, and how storing goes.</summary>
static class StoreMetricsText
{
    public static void Add(MetricsText text, ServerState state)
    {
        if (state.Commits is { } commits)
        {
            text.Counter("puppylog_records_total", "Records that this process has stored since its start.", commits.Records);
            text.Counter("puppylog_failed_commits_total", "Commits that were refused, or given up.", commits.Failed);
            text.Histograms("puppylog_commit_duration_seconds", "From handing records over to their being on disk, in seconds.", [([], commits.Durations)]);
        }

        text.Gauge("puppylog_storing_hindered", "1 while records cannot be stored.", state.Store.IsHindered ? 1 : 0);
        var status = ((IEmbeddedStore)state.Store).ReadStatus();
        text.Gauge("puppylog_store_records", "Records in the store.", status.Records);
        text.Gauge("puppylog_store_blocks", "Blocks in the store.", status.Blocks);
        text.Gauge("puppylog_store_segments", "Segment files in the store.", status.Segments);
        text.Gauge("puppylog_store_segment_bytes", "Bytes of the segment files.", status.SegmentBytes);
        text.Gauge("puppylog_store_damaged_blocks", "Blocks that are recorded and not in their files any more.", status.DamagedBlocks);
        text.Gauge("puppylog_store_quarantined_files", "Files in quarantine.", status.QuarantinedFiles);
        text.Counter("puppylog_store_dropped_records_total", "Records that retention has dropped.", status.Dropped.Records);
        text.Gauge("puppylog_store_oldest_record_timestamp_seconds", "Time of the oldest record, in seconds since 1970.", Seconds(status.OldestTime));
        text.Gauge("puppylog_store_newest_record_timestamp_seconds", "Time of the newest record, in seconds since 1970.", Seconds(status.NewestTime));
        AddDisk(text, state.Directory);
    }

    static void AddDisk(MetricsText text, string? directory)
    {
        try
        {
            if (directory is not null && new DriveInfo(directory) is { IsReady: true } disk)
            {
                text.Gauge("puppylog_disk_free_bytes", "Bytes that can still be written to the disk of the data directory.", disk.AvailableFreeSpace);
                text.Gauge("puppylog_disk_size_bytes", "Bytes of the disk of the data directory.", disk.TotalSize);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A disk that does not tell.
        }
    }

    static double? Seconds(long? nanoseconds) => nanoseconds is { } time ? time / (double)Timestamps.Second : null;
}
