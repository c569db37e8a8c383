using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Sums up what the catalogue knows. Inside of one transaction.</summary>
static class StatusQuery
{
    public static EmbeddedStoreStatus Run(SqliteConnection connection)
    {
        var (lastCommit, damaged) = (0L, 0L);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT last_commit, (SELECT count(*) FROM blocks WHERE damaged <> 0) FROM store";
            using var reader = command.ExecuteReader();
            reader.Read();
            (lastCommit, damaged) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var (blocks, records, oldest, newest) = Readable(connection);
        var segments = UpkeepQueries.Summaries(connection);
        long Number(UpkeepNumber name) => UpkeepQueries.Number(connection, name);
        return new(
            segments.Count, blocks, records, segments.Sum(segment => segment.Segment.Length), oldest, newest, damaged, lastCommit, 0)
        {
            OpenSegments = segments.Count(segment => segment.Segment.State == SegmentState.Open),
            SmallBlocks = segments.Sum(segment => (long)segment.SmallBlocks),
            Compaction = new(
                Time(Number(UpkeepNumber.CompactedAt)), Number(UpkeepNumber.CompactedBlocksBefore), Number(UpkeepNumber.CompactedBlocksAfter),
                Number(UpkeepNumber.CompactedBytesBefore), Number(UpkeepNumber.CompactedBytesAfter)),
            Retention = RetentionPolicy.Of(Number(UpkeepNumber.RetainAge), Number(UpkeepNumber.RetainBytes)),
            Dropped = new(
                Time(Number(UpkeepNumber.DroppedAt)), Number(UpkeepNumber.DroppedSegments), Number(UpkeepNumber.DroppedRecords),
                Number(UpkeepNumber.DroppedBytes)),
            Leavings = UpkeepQueries.Leavings(connection),
        };
    }

    static (long Blocks, long Records, long? Oldest, long? Newest) Readable(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), ifnull(sum(records), 0), min(min_time), max(max_time) FROM blocks WHERE damaged = 0";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
    }

    static long? Time(long nanoseconds) => nanoseconds == 0 ? null : nanoseconds;
}
