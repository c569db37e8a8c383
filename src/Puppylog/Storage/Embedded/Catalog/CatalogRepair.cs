using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Bytes;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>Changes a catalogue past the way of commits; the directory's lock must be held, and no writer open.</summary>
static class CatalogRepair
{
    /// <summary>Makes the change in the directory's catalogue, which is made where there is none: all or nothing.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public static void Apply(string directory, CatalogRevision revision)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = DataLayout.CatalogFile(directory),
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
                DefaultTimeout = 10,
            }.ToString());
            connection.Open();
            Execute(connection, null, "PRAGMA journal_mode = WAL");
            Execute(connection, null, "PRAGMA synchronous = FULL");
            CatalogSchema.Migrate(connection, directory);
            using var statements = new CatalogStatements(connection);
            using var transaction = connection.BeginTransaction(deferred: false);
            Apply(connection, transaction, statements, revision);
            transaction.Commit();
        }
        catch (SqliteException e)
        {
            throw new LogStoreException($"cannot write the catalogue of {directory}: {e.Message}", e);
        }
    }

    static void Apply(SqliteConnection connection, SqliteTransaction transaction, CatalogStatements statements, CatalogRevision revision)
    {
        foreach (var segment in revision.Removed)
        {
            Execute(connection, transaction, "DELETE FROM blocks WHERE segment = $0", segment);
            Execute(connection, transaction, "DELETE FROM segments WHERE id = $0", segment);
        }

        foreach (var segment in revision.Segments)
        {
            statements.PutSegment.Execute(transaction, segment.Id, segment.Day, segment.Length, (int)segment.State, revision.Time);
        }

        foreach (var (segment, _, frame) in revision.Blocks)
        {
            statements.AddBlock.Execute(
                transaction, segment, frame.Offset, frame.BodyOffset, frame.BodyLength, frame.Commit, frame.Ordinal, frame.Records,
                frame.MinTime, frame.MaxTime);
        }

        foreach (var (frame, metadata) in revision.Joined)
        {
            AddParts(connection, transaction, frame, metadata);
        }

        // Parts are named by their block, wherever it lies: those of blocks that have only moved stay.
        Execute(
            connection, transaction,
            "DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM blocks b WHERE b.commit_number = parts.commit_number AND b.ordinal = parts.ordinal)");
        foreach (var position in revision.Positions)
        {
            Execute(connection, transaction, "DELETE FROM positions WHERE source = $0", position.Source);
            statements.AddPosition.Execute(
                transaction, position.Source, position.Generation, position.Offset, position.Line, position.Path,
                position.FingerprintLength, (long)position.Fingerprint);
        }

        foreach (var key in revision.Keys)
        {
            statements.AddKey.Execute(transaction, key.Key, key.Commit, key.Records, revision.Time);
        }

        Execute(
            connection, transaction, "UPDATE store SET id = coalesce($0, id), last_commit = max(last_commit, $1), in_flight = max(in_flight, $2)",
            revision.Store?.ToString(), revision.LastCommit, revision.InFlight);
        var used = revision.Segments.Select(segment => segment.Id).Concat(revision.Removed).Append(0).Max();
        Execute(
            connection, transaction,
            "INSERT INTO upkeep(name, value) VALUES ($0, $1), ($2, 1) ON CONFLICT(name) DO UPDATE SET value = iif(name = $2, value + 1, max(value, excluded.value))",
            nameof(UpkeepNumber.LastSegment), used, nameof(UpkeepNumber.Revision));
    }

    static void AddParts(SqliteConnection connection, SqliteTransaction transaction, FrameEntry frame, CompactedMetadata metadata)
    {
        if (metadata.Parts.Count > 1 || metadata.IsFull)
        {
            var bytes = new ByteWriter();
            (metadata with { Positions = [], Keys = [] }).Write(bytes);
            Execute(
                connection, transaction, "INSERT INTO parts(commit_number, ordinal, last_commit, full, parts) VALUES ($0, $1, $2, $3, $4) ON CONFLICT DO NOTHING",
                frame.Commit, frame.Ordinal, metadata.Parts[^1].Commit, metadata.IsFull ? 1 : 0, bytes.Written.ToArray());
        }
    }

    static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new Statement(connection, sql, values.Length);
        statement.Execute(transaction, values);
    }
}
