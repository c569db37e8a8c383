using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's groups, over a connection of its own: SQLite lets it write between two commits of the writer.</summary>
static class GroupCatalog
{
    public static List<StreamGroup> Read(string directory)
    {
        if (!File.Exists(DataLayout.CatalogFile(directory)))
        {
            return [];
        }

        return Ask(directory, SqliteOpenMode.ReadOnly, connection =>
        {
            return CatalogSchema.Version(connection) < CatalogSchema.WithGroups ? [] : Read(connection, null);
        });
    }

    /// <summary>Fills a catalogue that was rebuilt.</summary>
    public static void Restore(string directory, IReadOnlyList<StreamGroup> groups) => Change(directory, (connection, transaction) =>
    {
        foreach (var group in groups)
        {
            Insert(connection, transaction, group);
        }

        return true;
    });

    public static void Set(string directory, StreamGroup group) => Change(directory, (connection, transaction) =>
    {
        RefuseConfigured(connection, transaction, group.Name);
        Insert(connection, transaction, group);
        return true;
    });

    public static bool Delete(string directory, string name) => Change(directory, (connection, transaction) =>
    {
        RefuseConfigured(connection, transaction, name);
        return Execute(connection, transaction, "DELETE FROM groups WHERE name = $0", name) > 0;
    });

    public static void Configure(string directory, IReadOnlyList<StreamGroup> groups) => Change(directory, (connection, transaction) =>
    {
        Execute(connection, transaction, "DELETE FROM groups WHERE configured = 1");
        foreach (var group in groups)
        {
            Insert(connection, transaction, group with { IsConfigured = true });
        }

        return true;
    });

    static List<StreamGroup> Read(SqliteConnection connection, SqliteTransaction? transaction)
    {
        var groups = new List<StreamGroup>();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT name, match, configured, created FROM groups ORDER BY name";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            groups.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2) != 0, reader.GetInt64(3)));
        }

        return groups;
    }

    static void Insert(SqliteConnection connection, SqliteTransaction transaction, StreamGroup group) => Execute(
        connection, transaction, "INSERT OR REPLACE INTO groups(name, match, configured, created) VALUES ($0, $1, $2, $3)",
        group.Name, group.Match, group.IsConfigured ? 1L : 0L, group.Created);

    static void RefuseConfigured(SqliteConnection connection, SqliteTransaction transaction, string name)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT configured FROM groups WHERE name = $0";
        command.Parameters.AddWithValue("$0", name);
        if (command.ExecuteScalar() is 1L)
        {
            throw new LogStoreException($"the group '{name}' is named in the configuration; change it there");
        }
    }

    static T Change<T>(string directory, Func<SqliteConnection, SqliteTransaction, T> change) => Ask(directory, SqliteOpenMode.ReadWrite, connection =>
    {
        if (CatalogSchema.Version(connection) < CatalogSchema.WithGroups)
        {
            throw new LogStoreException($"the store in {directory} is written by an older Puppylog, which knows no groups; restart it with this one");
        }

        CatalogSchema.Check(CatalogSchema.Version(connection), directory);
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = change(connection, transaction);
        // Within the transaction: of two who change groups, the later writes the later file.
        GroupFile.Write(LocalFileSystem.Instance, directory, Read(connection, transaction));
        transaction.Commit();
        return result;
    });

    static T Ask<T>(string directory, SqliteOpenMode mode, Func<SqliteConnection, T> ask)
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
            throw new LogStoreException($"the groups of {directory} cannot be written: {wrong.Message}", wrong);
        }
        catch (SqliteException wrong)
        {
            throw CatalogSchema.IsDamage(wrong) ? CatalogSchema.Damaged(directory, wrong) : new LogStoreException($"the groups of {directory} cannot be reached: {wrong.Message}", wrong);
        }
    }

    static int Execute(SqliteConnection connection, SqliteTransaction transaction, string sql, params object[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"${i}"), values[i]);
        }

        return command.ExecuteNonQuery();
    }
}
