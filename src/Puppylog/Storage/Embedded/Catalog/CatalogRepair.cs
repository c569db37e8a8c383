using Microsoft.Data.Sqlite;

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
            statements.PutSegment.Execute(transaction, segment.Id, segment.Day, segment.Length, (int)segment.State);
        }

        foreach (var (segment, _, frame) in revision.Blocks)
        {
            statements.AddBlock.Execute(
                transaction, segment, frame.Offset, frame.BodyOffset, frame.BodyLength, frame.Commit, frame.Ordinal, frame.Records,
                frame.MinTime, frame.MaxTime);
        }

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
    }

    static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = new Statement(connection, sql, values.Length);
        statement.Execute(transaction, values);
    }
}
