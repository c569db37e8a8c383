using System.Text.Json;
using Microsoft.Data.Sqlite;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's groups.</summary>
static class GroupCatalog
{
    public static DefinitionFile<StreamGroup> File { get; } = new(
        DataLayout.GroupsFile,
        (json, group) =>
        {
            json.WriteString("name", group.Name);
            json.WriteString("match", group.Match);
            json.WriteBoolean("configured", group.IsConfigured);
            json.WriteString("created", Timestamps.ToRfc3339(group.Created));
        },
        line => DefinitionFile<StreamGroup>.Text(line, "name") is { Length: > 0 } name && DefinitionFile<StreamGroup>.Text(line, "match") is { Length: > 0 } match
            ? new(name, match, line.TryGetProperty("configured", out var configured) && configured.ValueKind == JsonValueKind.True, DefinitionFile<StreamGroup>.Time(line, "created"))
            : null,
        group => group.Name);

    static readonly DefinitionCatalog<StreamGroup> Groups = new("groups", CatalogSchema.WithGroups, Read, File);

    public static List<StreamGroup> Read(string directory) => Groups.Read(directory);

    /// <summary>Fills a catalogue that was rebuilt.</summary>
    public static void Restore(string directory, IReadOnlyList<StreamGroup> groups) => Groups.Change(directory, (connection, transaction) =>
    {
        foreach (var group in groups)
        {
            Insert(connection, transaction, group);
        }

        return true;
    });

    public static void Set(string directory, StreamGroup group) => Groups.Change(directory, (connection, transaction) =>
    {
        RefuseConfigured(connection, transaction, group.Name);
        Insert(connection, transaction, group);
        return true;
    });

    public static bool Delete(string directory, string name) => Groups.Change(directory, (connection, transaction) =>
    {
        RefuseConfigured(connection, transaction, name);
        return Execute(connection, transaction, "DELETE FROM groups WHERE name = $0", name) > 0;
    });

    public static void Configure(string directory, IReadOnlyList<StreamGroup> groups) => Groups.Change(directory, (connection, transaction) =>
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
