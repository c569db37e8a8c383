using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The writer's statements, prepared once per connection.</summary>
sealed class CatalogStatements(SqliteConnection connection) : IDisposable
{
    public Statement PutSegment { get; } = new(
        connection,
        """
        INSERT INTO segments(id, day, length, state, written) VALUES ($0, $1, $2, $3, $4)
        ON CONFLICT(id) DO UPDATE SET length = excluded.length, state = excluded.state, written = max(written, excluded.written)
        """,
        5);

    public Statement FindSegment { get; } = new(
        connection, "SELECT length, state, (SELECT count(*) FROM blocks WHERE segment = id) FROM segments WHERE id = $0", 1);

    public Statement AddBlock { get; } = new(
        connection,
        """
        INSERT INTO blocks(segment, frame, body, length, commit_number, ordinal, records, min_time, max_time)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)
        """,
        9);

    public Statement AddPosition { get; } = new(
        connection,
        """
        INSERT INTO positions(source, generation, position, line, path, fingerprint_length, fingerprint)
        VALUES ($0, $1, $2, $3, $4, $5, $6) ON CONFLICT(source) DO NOTHING
        """,
        7);

    public Statement MovePosition { get; } = new(
        connection,
        """
        UPDATE positions SET generation = $1, position = $2, line = $3, path = $4, fingerprint_length = $5, fingerprint = $6
        WHERE source = $0 AND generation = $7 AND position = $8
        """,
        9);

    public Statement FindKey { get; } = new(connection, "SELECT commit_number, records FROM keys WHERE key = $0", 1);

    public Statement AddKey { get; } = new(
        connection,
        "INSERT INTO keys(key, commit_number, records, stored_at) VALUES ($0, $1, $2, $3) ON CONFLICT(key) DO NOTHING",
        4);

    public Statement PruneKeys { get; } = new(
        connection, "DELETE FROM keys WHERE stored_at < $0 OR id <= (SELECT max(id) FROM keys) - $1", 2);

    public Statement SetCommit { get; } = new(connection, "UPDATE store SET last_commit = $0", 1);

    public Statement DamageBlocks { get; } = new(
        connection, "UPDATE blocks SET damaged = 1 WHERE segment = $0 AND body + length > $1", 2);

    public Statement DamageSegment { get; } = new(connection, "UPDATE segments SET state = 3 WHERE id = $0", 1);

    public Statement MetricRevision { get; } = new(connection, "SELECT value FROM upkeep WHERE name = 'Metrics'", 0);

    public void Dispose()
    {
        MetricRevision.Dispose();
        PutSegment.Dispose();
        FindSegment.Dispose();
        AddBlock.Dispose();
        AddPosition.Dispose();
        MovePosition.Dispose();
        FindKey.Dispose();
        AddKey.Dispose();
        PruneKeys.Dispose();
        SetCommit.Dispose();
        DamageBlocks.Dispose();
        DamageSegment.Dispose();
    }
}
