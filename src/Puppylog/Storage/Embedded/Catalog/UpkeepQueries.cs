using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What compaction and retention ask of the catalogue, and what queries ask about their work.</summary>
static class UpkeepQueries
{
    public static long Number(SqliteConnection connection, UpkeepNumber name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM upkeep WHERE name = $name";
        command.Parameters.AddWithValue("$name", name.ToString());
        return command.ExecuteScalar() is long value ? value : 0;
    }

    public static List<Leaving> Leavings(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT segment, day, length, since FROM leavings ORDER BY segment";
        using var reader = command.ExecuteReader();
        var rows = new List<Leaving>();
        while (reader.Read())
        {
            rows.Add(new(
                reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3)));
        }

        return rows;
    }

    public static List<SegmentSummary> Summaries(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT s.id, s.day, s.length, s.state, s.written, count(b.segment),
                ifnull(sum(b.records < {CompactionPolicy.FullRecords} AND b.length < {CompactionPolicy.FullBytes} AND ifnull(p.full, 0) = 0), 0), ifnull(sum(b.records), 0),
                min(b.min_time), max(b.max_time), ifnull(min(b.commit_number), 0), ifnull(max(b.damaged), 0)
            FROM segments s LEFT JOIN blocks b ON b.segment = s.id
                LEFT JOIN parts p ON p.commit_number = b.commit_number AND p.ordinal = b.ordinal
            GROUP BY s.id ORDER BY s.id
            """;
        using var reader = command.ExecuteReader();
        var rows = new List<SegmentSummary>();
        while (reader.Read())
        {
            var segment = new SegmentRow(
                reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.GetInt64(2), (SegmentState)reader.GetInt32(3));
            rows.Add(new(
                segment, reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt64(7),
                reader.IsDBNull(8) ? long.MaxValue : reader.GetInt64(8), reader.IsDBNull(9) ? long.MinValue : reader.GetInt64(9),
                reader.GetInt64(10), reader.GetInt32(11) != 0));
        }

        return rows;
    }

    /// <summary>Where the block that a commit wrote is now, and which of its records come first; null where it was dropped.</summary>
    public static BlockPlace? Locate(SqliteConnection connection, long commit, int ordinal)
    {
        var exact = CatalogQueries.ReadBlocks(connection, "commit_number = $a AND ordinal = $b", commit, ordinal);
        if (exact.Count > 0)
        {
            return new(exact[0], 0);
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT commit_number, ordinal, parts FROM parts WHERE last_commit >= $commit AND commit_number <= $commit";
        command.Parameters.AddWithValue("$commit", commit);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var start = 0;
            foreach (var part in CompactedMetadata.Read((byte[])reader.GetValue(2)).Parts)
            {
                if (part.Commit == commit && part.Ordinal == ordinal)
                {
                    var rows = CatalogQueries.ReadBlocks(
                        connection, "commit_number = $a AND ordinal = $b", reader.GetInt64(0), reader.GetInt32(1));
                    return rows.Count == 0 ? null : new(rows[0], start);
                }

                start += part.Records;
            }
        }

        return null;
    }

    /// <summary>What a block is joined of, or what lies where it is now, in the order of its records.</summary>
    /// <param name="connection">The catalogue.</param>
    /// <param name="block">Its first part, and the records of all of them.</param>
    public static List<FramePart> PartsOf(SqliteConnection connection, FramePart block)
    {
        var parts = new List<FramePart>();
        if (Locate(connection, block.Commit, block.Ordinal) is not { } place)
        {
            return parts;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT parts FROM parts WHERE commit_number = $commit AND ordinal = $ordinal";
        command.Parameters.AddWithValue("$commit", place.Block.Frame.Commit);
        command.Parameters.AddWithValue("$ordinal", place.Block.Frame.Ordinal);
        if (command.ExecuteScalar() is byte[] joined)
        {
            var (start, end) = (0, place.Start + block.Records);
            foreach (var part in CompactedMetadata.Read(joined).Parts)
            {
                if (start >= place.Start && start < end)
                {
                    parts.Add(part);
                }

                start += part.Records;
            }
        }

        return parts;
    }

    /// <summary>Parts of commits after <paramref name="after"/>, up to and with <paramref name="last"/>, that lie in joined blocks.</summary>
    public static List<(FramePart Part, BlockPlace Place)> PartsOfCommits(SqliteConnection connection, long after, long last)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT commit_number, ordinal, parts FROM parts WHERE last_commit > $after AND commit_number <= $last";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$last", last);
        using var reader = command.ExecuteReader();
        var found = new List<(FramePart, BlockPlace)>();
        while (reader.Read())
        {
            var rows = CatalogQueries.ReadBlocks(
                connection, "damaged = 0 AND commit_number = $a AND ordinal = $b", reader.GetInt64(0), reader.GetInt32(1));
            var start = 0;
            foreach (var part in CompactedMetadata.Read((byte[])reader.GetValue(2)).Parts)
            {
                if (part.Commit > after && part.Commit <= last && rows.Count > 0)
                {
                    found.Add((part, new(rows[0], start)));
                }

                start += part.Records;
            }
        }

        return found;
    }
}
