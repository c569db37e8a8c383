using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Statements of one transaction that is no commit. They are rare, so none is kept.</summary>
readonly struct UpkeepStatements(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>Takes a segment and its blocks out of what queries see; its file becomes a leaving.</summary>
    public void Remove(long segment, long time)
    {
        Execute("INSERT INTO leavings(segment, day, length, since) SELECT id, day, length, $1 FROM segments WHERE id = $0", segment, time);
        Execute(
            """
            DELETE FROM parts WHERE EXISTS (
                SELECT 1 FROM blocks b WHERE b.segment = $0 AND b.commit_number = parts.commit_number AND b.ordinal = parts.ordinal)
            """,
            segment);
        Execute("DELETE FROM blocks WHERE segment = $0", segment);
        Execute("DELETE FROM segments WHERE id = $0", segment);
        Used(segment);
    }

    /// <summary>Remembers what a block consists of, where it is more than the one that it is named by.</summary>
    public void AddParts(FrameEntry frame, CompactedMetadata metadata)
    {
        if (metadata.Parts.Count > 1 || metadata.IsFull)
        {
            var bytes = new ByteWriter();
            (metadata with { Positions = [], Keys = [] }).Write(bytes);
            Execute(
                "INSERT INTO parts(commit_number, ordinal, last_commit, full, parts) VALUES ($0, $1, $2, $3, $4)",
                frame.Commit, frame.Ordinal, metadata.Parts[^1].Commit, metadata.IsFull ? 1 : 0, bytes.Written.ToArray());
        }
    }

    public void Forget(long segment) => Execute("DELETE FROM leavings WHERE segment = $0", segment);

    public void Apply(UpkeepChange change)
    {
        if (change.Begun is { } begun)
        {
            Execute(
                "INSERT INTO leavings(segment, day, length, since) VALUES ($0, $1, $2, $3)",
                begun.Segment, begun.Day, begun.Length, begun.Since);
            Used(begun.Segment);
        }

        foreach (var segment in change.Deleted)
        {
            Forget(segment);
        }

        foreach (var (name, value) in change.Set)
        {
            Execute(
                "INSERT INTO upkeep(name, value) VALUES ($0, $1) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name.ToString(), value);
        }

        foreach (var (name, value) in change.Add.Append((UpkeepNumber.Revision, 1)))
        {
            Execute(
                "INSERT INTO upkeep(name, value) VALUES ($0, $1) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
                name.ToString(), value);
        }
    }

    // A number that is used again would let a reader take one file for another.
    void Used(long segment) => Execute(
        "INSERT INTO upkeep(name, value) VALUES ($0, $1) ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)",
        nameof(UpkeepNumber.LastSegment), segment);

    void Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i] ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }
}
