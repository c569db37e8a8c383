using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// One kind of what people name in the catalogue, over a connection of its own: SQLite lets it write between two commits of
/// the writer. What is there is repeated in a file.
/// </summary>
/// <param name="names">What they are called, for people.</param>
/// <param name="since">The catalogue's first version that knows them.</param>
/// <param name="read">All there are.</param>
/// <param name="file">Where they are repeated.</param>
sealed class DefinitionCatalog<T>(string names, int since, Func<SqliteConnection, SqliteTransaction?, List<T>> read, DefinitionFile<T> file)
    where T : class
{
    /// <summary>All there are; none where there is no store, or one of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public List<T> Read(string directory) =>
        File.Exists(DataLayout.CatalogFile(directory)) ? Ask(directory, SqliteOpenMode.ReadOnly, connection => IsOlder(connection) ? [] : read(connection, null)) : [];

    /// <summary>Asks within one transaction; nothing where the store is of a program that knew none.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be read.</exception>
    public TAnswer? Ask<TAnswer>(string directory, Func<SqliteConnection, SqliteTransaction, TAnswer?> ask) => Ask(directory, SqliteOpenMode.ReadOnly, connection =>
    {
        if (IsOlder(connection))
        {
            return default;
        }

        using var transaction = connection.BeginTransaction(deferred: true);
        return ask(connection, transaction);
    });

    /// <summary>Changes them, all or nothing.</summary>
    /// <exception cref="LogStoreException">The catalogue cannot be written.</exception>
    public TAnswer Change<TAnswer>(string directory, Func<SqliteConnection, SqliteTransaction, TAnswer> change) => Ask(directory, SqliteOpenMode.ReadWrite, connection =>
    {
        if (IsOlder(connection))
        {
            throw new LogStoreException($"the store in {directory} is written by an older Puppylog, which knows no {names}; restart it with this one");
        }

        CatalogSchema.Check(CatalogSchema.Version(connection), directory);
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = change(connection, transaction);
        // Within the transaction: of two who change something, the later writes the later file.
        file.Write(LocalFileSystem.Instance, directory, read(connection, transaction));
        transaction.Commit();
        return result;
    });

    bool IsOlder(SqliteConnection connection) => CatalogSchema.Version(connection) < since;

    TAnswer Ask<TAnswer>(string directory, SqliteOpenMode mode, Func<SqliteConnection, TAnswer> ask)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = DataLayout.CatalogFile(directory),
                Mode = mode,
                Pooling = false,
                DefaultTimeout = 10,
            }.ToString());
            connection.Open();
            return ask(connection);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException($"the {names} of {directory} cannot be written: {wrong.Message}", wrong);
        }
        catch (SqliteException wrong)
        {
            throw CatalogSchema.IsDamage(wrong) ? CatalogSchema.Damaged(directory, wrong) : new LogStoreException($"the {names} of {directory} cannot be reached: {wrong.Message}", wrong);
        }
    }
}
