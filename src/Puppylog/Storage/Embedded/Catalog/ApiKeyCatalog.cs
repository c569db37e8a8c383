using System.Text.Json;
using Microsoft.Data.Sqlite;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's API keys, by their hashes.</summary>
static class ApiKeyCatalog
{
    public static DefinitionFile<ApiKey> File { get; } = new(
        DataLayout.KeysFile,
        (json, key) =>
        {
            json.WriteString("name", key.Name);
            json.WriteString("hash", key.Hash);
            json.WriteString("role", RoleName(key.Role));
            if (key.Streams is not null)
            {
                json.WriteString("streams", key.Streams);
            }

            json.WriteString("created", Timestamps.ToRfc3339(key.Created));
            if (key.Expires is { } expires)
            {
                json.WriteString("expires", Timestamps.ToRfc3339(expires));
            }
        },
        Parse,
        key => key.Name);

    static readonly DefinitionCatalog<ApiKey> Keys = new("keys", CatalogSchema.WithApiKeys, Read, File);

    public static List<ApiKey> Read(string directory) => Keys.Read(directory);

    /// <summary>Fills a catalogue that was rebuilt.</summary>
    public static void Restore(string directory, IReadOnlyList<ApiKey> keys) => Keys.Change(directory, (connection, transaction) =>
    {
        foreach (var key in keys)
        {
            Insert(connection, transaction, key);
        }

        return true;
    });

    public static void Add(string directory, ApiKey key) => Keys.Change(directory, (connection, transaction) =>
        Read(connection, transaction).Exists(other => other.Name == key.Name)
            ? throw new LogStoreException($"there is a key '{key.Name}' already: revoke it first (puppylog keys revoke {key.Name}), or take another name")
            : Insert(connection, transaction, key));

    public static bool Delete(string directory, string name) => Keys.Change(directory, (connection, transaction) =>
        Execute(connection, transaction, "DELETE FROM api_keys WHERE name = $0", name) > 0);

    static string RoleName(ApiRole role) => role switch { ApiRole.Ingest => "ingest", ApiRole.Read => "read", _ => "admin" };

    /// <summary>A role that is not known may nothing.</summary>
    static ApiRole? Role(string? name) => name switch { "ingest" => ApiRole.Ingest, "read" => ApiRole.Read, "admin" => ApiRole.Admin, _ => null };

    static ApiKey? Parse(JsonElement line) =>
        DefinitionFile<ApiKey>.Text(line, "name") is { Length: > 0 } name && DefinitionFile<ApiKey>.Text(line, "hash") is { Length: 64 } hash && Role(DefinitionFile<ApiKey>.Text(line, "role")) is { } role
            ? new(
                name, hash, role, DefinitionFile<ApiKey>.Text(line, "streams"), DefinitionFile<ApiKey>.Time(line, "created"),
                line.TryGetProperty("expires", out _) ? DefinitionFile<ApiKey>.Time(line, "expires") : null)
            : null;

    static List<ApiKey> Read(SqliteConnection connection, SqliteTransaction? transaction)
    {
        var keys = new List<ApiKey>();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT name, hash, role, streams, created, expires FROM api_keys ORDER BY name";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (Role(reader.GetString(2)) is { } role)
            {
                keys.Add(new(
                    reader.GetString(0), reader.GetString(1), role, reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4),
                    reader.IsDBNull(5) ? null : reader.GetInt64(5)));
            }
        }

        return keys;
    }

    static int Insert(SqliteConnection connection, SqliteTransaction transaction, ApiKey key) => Execute(
        connection, transaction, "INSERT OR REPLACE INTO api_keys(name, hash, role, streams, created, expires) VALUES ($0, $1, $2, $3, $4, $5)",
        key.Name, key.Hash, RoleName(key.Role), key.Streams, key.Created, key.Expires);

    static int Execute(SqliteConnection connection, SqliteTransaction transaction, string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
        }

        return command.ExecuteNonQuery();
    }
}
