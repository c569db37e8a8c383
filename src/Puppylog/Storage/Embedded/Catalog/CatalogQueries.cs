using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What both the writer and readers ask of the catalogue.</summary>
static class CatalogQueries
{
    const string FrameColumns = "frame, body, length, commit_number, ordinal, records, min_time, max_time";

    public static List<SegmentRow> Segments(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, day, length, state FROM segments ORDER BY id";
        using var reader = command.ExecuteReader();
        var rows = new List<SegmentRow>();
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(0), Day(reader, 1), reader.GetInt64(2), (SegmentState)reader.GetInt32(3)));
        }

        return rows;
    }

    public static List<FrameEntry> Frames(SqliteConnection connection, long segment)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {FrameColumns} FROM blocks WHERE segment = $segment ORDER BY frame";
        command.Parameters.AddWithValue("$segment", segment);
        using var reader = command.ExecuteReader();
        var rows = new List<FrameEntry>();
        while (reader.Read())
        {
            rows.Add(Frame(reader));
        }

        return rows;
    }

    /// <summary>
    /// Blocks that overlap a range of times, in the order of commits. Damaged ones too: who opens them says that they are missing.
    /// </summary>
    public static List<BlockRow> Blocks(SqliteConnection connection, long minTime, long maxTime) => ReadBlocks(
        connection, "min_time <= $b AND max_time >= $a", minTime, maxTime);

    /// <summary>
    /// Undamaged blocks of the commits after <paramref name="after"/>, up to and with <paramref name="last"/>; those that
    /// compaction has joined are asked for with <see cref="UpkeepQueries.PartsOfCommits"/>.
    /// </summary>
    public static List<BlockRow> BlocksOfCommits(SqliteConnection connection, long after, long last) => ReadBlocks(
        connection,
        """
        damaged = 0 AND commit_number > $a AND commit_number <= $b
        AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.commit_number = b.commit_number AND p.ordinal = b.ordinal)
        """,
        after,
        last);

    /// <summary>Blocks of a segment, in the order of commits.</summary>
    public static List<BlockRow> BlocksOfSegment(SqliteConnection connection, long segment) =>
        ReadBlocks(connection, "b.segment = $a", segment, 0);

    public static List<SourcePosition> Positions(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT source, generation, position, line, path, fingerprint_length, fingerprint FROM positions";
        using var reader = command.ExecuteReader();
        var rows = new List<SourcePosition>();
        while (reader.Read())
        {
            rows.Add(new(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt32(5),
                (ulong)reader.GetInt64(6)));
        }

        return rows;
    }

    public static CatalogImage Image(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, last_commit, in_flight FROM store";
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            throw new InvalidOperationException("the store's row is gone");
        }

        return new(
            Guid.TryParse(reader.GetString(0), CultureInfo.InvariantCulture, out var id) ? id : null, reader.GetInt64(1), reader.GetInt64(2),
            Segments(connection), Blocks(connection, long.MinValue, long.MaxValue), Positions(connection))
        {
            Leavings = UpkeepQueries.Leavings(connection),
            OrphanBlocks = Orphans(connection),
            LastSegment = UpkeepQueries.Number(connection, UpkeepNumber.LastSegment),
        };
    }

    static long Orphans(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM blocks WHERE segment NOT IN (SELECT id FROM segments)";
        return (long)command.ExecuteScalar()!;
    }

    public static List<string> Integrity(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(20)";
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            if (reader.GetString(0) is var text && text != "ok")
            {
                found.Add(text);
            }
        }

        return found;
    }

    public static List<BlockRow> ReadBlocks(SqliteConnection connection, string condition, long a, long b)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {FrameColumns}, segment, day, "
            + "EXISTS (SELECT 1 FROM parts p WHERE p.commit_number = b.commit_number AND p.ordinal = b.ordinal) FROM blocks b JOIN (SELECT id, day FROM segments) s ON s.id = b.segment "
            + $"WHERE {condition} ORDER BY commit_number, ordinal";
        command.Parameters.AddWithValue("$a", a);
        command.Parameters.AddWithValue("$b", b);
        using var reader = command.ExecuteReader();
        var rows = new List<BlockRow>();
        while (reader.Read())
        {
            rows.Add(new(reader.GetInt64(8), Day(reader, 9), Frame(reader)) { IsJoined = reader.GetInt64(10) != 0 });
        }

        return rows;
    }

    static FrameEntry Frame(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt32(4), reader.GetInt32(5),
        reader.GetInt64(6), reader.GetInt64(7));

    static int? Day(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
}
