using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's tables. Each entry brings the version before it to its own; PRAGMA user_version says which holds.</summary>
static class CatalogSchema
{
    static readonly string[] Migrations =
    [
        """
        CREATE TABLE store(id TEXT NOT NULL, last_commit INTEGER NOT NULL, in_flight INTEGER NOT NULL);
        CREATE TABLE segments(
            id INTEGER PRIMARY KEY, day INTEGER, length INTEGER NOT NULL, state INTEGER NOT NULL);
        CREATE INDEX segments_by_state ON segments(state) WHERE state = 0;
        CREATE TABLE blocks(
            segment INTEGER NOT NULL, frame INTEGER NOT NULL, body INTEGER NOT NULL, length INTEGER NOT NULL,
            commit_number INTEGER NOT NULL, ordinal INTEGER NOT NULL, records INTEGER NOT NULL,
            min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY(commit_number, ordinal)) WITHOUT ROWID;
        CREATE INDEX blocks_by_segment ON blocks(segment, frame);
        CREATE TABLE positions(
            source TEXT PRIMARY KEY, generation INTEGER NOT NULL, position INTEGER NOT NULL, line INTEGER NOT NULL,
            path TEXT NOT NULL, fingerprint_length INTEGER NOT NULL, fingerprint INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE keys(
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, commit_number INTEGER NOT NULL, records INTEGER NOT NULL,
            stored_at INTEGER NOT NULL);
        """,
        // written: when the last block came. parts: what blocks made by compaction hold. leavings: files that go, `since` is
        // null where they were never taken in. upkeep: policies and counters; its `revision` counts the transactions that
        // change blocks without a commit.
        """
        ALTER TABLE segments ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE parts(
            commit_number INTEGER NOT NULL, ordinal INTEGER NOT NULL, last_commit INTEGER NOT NULL, full INTEGER NOT NULL,
            parts BLOB NOT NULL, PRIMARY KEY(commit_number, ordinal)) WITHOUT ROWID;
        CREATE INDEX parts_by_last_commit ON parts(last_commit);
        CREATE TABLE leavings(segment INTEGER PRIMARY KEY, day INTEGER, length INTEGER NOT NULL, since INTEGER);
        CREATE TABLE upkeep(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """,
        // configured: 1 where a configuration file names the group, which sets all such at once.
        """
        CREATE TABLE groups(name TEXT PRIMARY KEY, match TEXT NOT NULL, configured INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        """,
        // metric_counts: what commits added to metrics and is not yet in metric_values (docs/metrics.md).
        """
        CREATE TABLE metrics(
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, created INTEGER NOT NULL,
            since INTEGER NOT NULL, filled INTEGER NOT NULL, floor INTEGER NOT NULL);
        CREATE TABLE metric_values(metric INTEGER NOT NULL, chunk INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(metric, chunk));
        CREATE TABLE metric_counts(commit_number INTEGER PRIMARY KEY, data BLOB NOT NULL);
        """,
        // alert_items: rules, notifiers and silences. alert_signals: settled is 1 for what all late records say, 0 for what was
        // said at once, and told 1 where somebody is told.
        """
        CREATE TABLE alert_items(
            number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
            configured INTEGER NOT NULL, created INTEGER NOT NULL, since INTEGER NOT NULL, UNIQUE(kind, name));
        CREATE TABLE alert_states(alert INTEGER PRIMARY KEY, state TEXT NOT NULL);
        CREATE TABLE alert_signals(
            alert INTEGER NOT NULL, settled INTEGER NOT NULL, segment TEXT NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL, value TEXT,
            cause TEXT NOT NULL, episode INTEGER NOT NULL, message TEXT NOT NULL, told INTEGER NOT NULL,
            UNIQUE(alert, settled, segment, episode, kind, time));
        """,
        // hash: SHA-256 of the key in hex. streams: the only ones that it sees, null for all.
        """
        CREATE TABLE api_keys(
            name TEXT PRIMARY KEY, hash TEXT NOT NULL, role TEXT NOT NULL, streams TEXT, created INTEGER NOT NULL, expires INTEGER) WITHOUT ROWID;
        """,
    ];

    /// <summary>What a catalogue of before compaction lacks, so that today's questions can be asked of one that cannot be written.</summary>
    const string StandIns =
        """
        PRAGMA temp_store = MEMORY;
        CREATE TEMP VIEW segments AS SELECT *, 0 AS written FROM main.segments;
        CREATE TEMP TABLE parts(
            commit_number INTEGER NOT NULL, ordinal INTEGER NOT NULL, last_commit INTEGER NOT NULL, full INTEGER NOT NULL,
            parts BLOB NOT NULL, PRIMARY KEY(commit_number, ordinal)) WITHOUT ROWID;
        CREATE TEMP TABLE leavings(segment INTEGER PRIMARY KEY, day INTEGER, length INTEGER NOT NULL, since INTEGER);
        CREATE TEMP TABLE upkeep(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    const string DropStandIns = "DROP VIEW temp.segments; DROP TABLE temp.parts; DROP TABLE temp.leavings; DROP TABLE temp.upkeep";

    const int SqliteCorrupt = 11;
    const int SqliteNotADatabase = 26;

    /// <summary>From this version on a catalogue knows of compaction and retention.</summary>
    const int WithUpkeep = 2;

    /// <summary>From this version on a catalogue knows of groups.</summary>
    public const int WithGroups = 3;

    /// <summary>From this version on a catalogue knows of metrics.</summary>
    public const int WithMetrics = 4;

    /// <summary>From this version on a catalogue knows of alerts.</summary>
    public const int WithAlerts = 5;

    /// <summary>From this version on a catalogue knows of API keys.</summary>
    public const int WithApiKeys = 6;

    public static int Current => Migrations.Length;

    public static int Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>False where no catalogue was ever made in the directory, or what it held is gone.</summary>
    public static bool IsThere(string directory)
    {
        if (new FileInfo(DataLayout.CatalogFile(directory)) is not { Exists: true, Length: > 0 })
        {
            return false;
        }

        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = DataLayout.CatalogFile(directory),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        connection.Open();
        return Version(connection) > 0;
    }

    /// <summary>There are segments, and nothing that says what is in them.</summary>
    public static LogStoreException Lost(string directory) =>
        new DamagedCatalogException($"{directory} holds log segments but no catalogue (catalog.db); {Repair(directory)}");

    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    public static LogStoreException Damaged(string directory, Exception e) =>
        new DamagedCatalogException($"the catalogue of {directory} is damaged ({e.Message}); {Repair(directory)}", e);

    /// <exception cref="LogStoreException">The store was written by a newer version of the program.</exception>
    public static void Check(int version, string directory)
    {
        if (version > Current)
        {
            throw new LogStoreException(
                $"the store in {directory} was written by a newer Puppylog (catalogue version {version}, known up to {Current}); update Puppylog");
        }
    }

    /// <summary>Lets today's questions be asked of an older catalogue.</summary>
    public static void StandIn(SqliteConnection connection, int version)
    {
        if (version < WithUpkeep)
        {
            Execute(connection, StandIns);
        }
    }

    /// <summary>Undoes <see cref="StandIn"/>, once a writer has brought the catalogue up to date.</summary>
    public static void StandBack(SqliteConnection connection, int version)
    {
        if (version < WithUpkeep)
        {
            Execute(connection, DropStandIns);
        }
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static string Repair(string directory) => $"rebuild it from the segments: puppylog store verify --repair --data {directory}";

    /// <summary>Brings the catalogue to the current version, one transaction a step.</summary>
    public static void Migrate(SqliteConnection connection, string directory)
    {
        var version = Version(connection);
        Check(version, directory);
        for (; version < Current; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"{Migrations[version]} PRAGMA user_version = {version + 1};");
            command.ExecuteNonQuery();
            if (version == 0)
            {
                command.CommandText = "INSERT INTO store(id, last_commit, in_flight) VALUES ($id, 0, 0)";
                command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }
}
