using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// A read-only connection to catalog.db, beside a writer in this or another process or without one. Thread-safe: one
/// question at a time.
/// </summary>
sealed class CatalogReader : IDisposable
{
    const int SqliteBusy = 5;

    readonly Lock _gate = new();
    readonly CatalogConnection _opened;
    readonly SqliteConnection _connection;
    readonly string _directory;

    /// <summary>The catalogue's version when it was last asked; an older one has stand-ins for what it lacks. Guarded by the gate.</summary>
    int _version;

    CatalogReader(CatalogConnection opened, string directory)
    {
        (_opened, _connection, _directory, _version) = (opened, opened.Sqlite, directory, opened.Version);
        CatalogSchema.StandIn(_connection, _version);
    }

    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public static CatalogReader Open(string directory) => new(CatalogConnection.Open(directory), directory);

    public long LastCommit() => Ask(connection => Number(connection, "SELECT last_commit FROM store"));

    /// <summary>A number that changes when somebody has written into the catalogue; cheap to ask for.</summary>
    public long Version() => Ask(connection => Number(connection, "PRAGMA data_version"));

    /// <summary>The blocks that overlap a range of times and the last commit, as of one moment.</summary>
    public (long LastCommit, List<BlockRow> Blocks) Blocks(long minTime, long maxTime) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return (Number(connection, "SELECT last_commit FROM store"), CatalogQueries.Blocks(connection, minTime, maxTime));
    });

    /// <summary>
    /// The blocks after a commit, the parts of later commits that lie in joined blocks, and the last commit, as of one moment.
    /// </summary>
    public (long LastCommit, List<BlockRow> Blocks, List<(FramePart Part, BlockPlace Place)> Parts) BlocksAfter(long commit) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var last = Number(connection, "SELECT last_commit FROM store");
        return last > commit
            ? (last, CatalogQueries.BlocksOfCommits(connection, commit, last), UpkeepQueries.PartsOfCommits(connection, commit, last))
            : (last, [], []);
    });

    /// <summary>Where the block that a commit wrote is now; null where it was dropped.</summary>
    public BlockPlace? Locate(long commit, int ordinal) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return UpkeepQueries.Locate(connection, commit, ordinal);
    });

    /// <summary>What a joined block consists of, wherever it is now; empty where it was dropped.</summary>
    /// <param name="block">Its first part, and the records of all of them.</param>
    public List<FramePart> PartsOf(FramePart block) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return UpkeepQueries.PartsOf(connection, block);
    });

    public List<BlockRow> BlocksOfSegment(long segment) => Ask(connection => CatalogQueries.BlocksOfSegment(connection, segment));

    public List<SegmentSummary> Summaries() => Ask(UpkeepQueries.Summaries);

    public List<Leaving> Leavings() => Ask(UpkeepQueries.Leavings);

    public long Number(UpkeepNumber name) => Ask(connection => UpkeepQueries.Number(connection, name));

    /// <summary>The remembered key, if it is still remembered.</summary>
    public KeyRow? FindKey(string key) => Ask<KeyRow?>(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT commit_number, records FROM keys WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new KeyRow(key, reader.GetInt64(0), reader.GetInt64(1)) : null;
    });

    public List<SourcePosition> Positions() => Ask(CatalogQueries.Positions);

    /// <summary>Everything, as of one moment.</summary>
    /// <exception cref="DamagedCatalogException">It cannot be read, or holds what no writer puts there.</exception>
    public CatalogImage Image(string directory)
    {
        lock (_gate)
        {
            try
            {
                FollowVersion();
                using var transaction = _connection.BeginTransaction(deferred: true);
                return CatalogQueries.Image(_connection);
            }
            catch (Exception e) when (e is SqliteException { SqliteErrorCode: not SqliteBusy } or InvalidOperationException || IsForeignValue(e))
            {
                throw CatalogSchema.Damaged(directory, e);
            }
        }
    }

    /// <summary>What SQLite finds wrong with its own structure; empty where all is well.</summary>
    public List<string> CheckIntegrity()
    {
        lock (_gate)
        {
            try
            {
                return CatalogQueries.Integrity(_connection);
            }
            catch (SqliteException e) when (e.SqliteErrorCode != SqliteBusy)
            {
                return [e.Message];
            }
        }
    }

    /// <summary>Writes the catalogue as of one moment into a new file that is complete in itself.</summary>
    /// <exception cref="LogStoreException">It cannot be read, or the copy not be written.</exception>
    public void CopyTo(string file) => Ask(connection =>
    {
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        copy.Open();
        connection.BackupDatabase(copy);
        using var command = copy.CreateCommand();
        // What is to be deleted there is not taken along.
        CatalogSchema.Migrate(copy, file);
        command.CommandText = "DELETE FROM leavings; PRAGMA journal_mode = DELETE";
        return command.ExecuteNonQuery();
    });

    public EmbeddedStoreStatus Status() => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return StatusQuery.Run(connection);
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _opened.Dispose();
        }
    }

    /// <summary>A value of another type or size than any writer puts there.</summary>
    static bool IsForeignValue(Exception e) =>
        e is InvalidCastException or FormatException or OverflowException or ArgumentException or CorruptDataException;

    static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>A writer of another version may have taken over the store.</summary>
    void FollowVersion()
    {
        var version = CatalogSchema.Version(_connection);
        if (version != _version)
        {
            CatalogSchema.Check(version, _directory);
            CatalogSchema.StandBack(_connection, _version);
            CatalogSchema.StandIn(_connection, version);
            _version = version;
        }
    }

    T Ask<T>(Func<SqliteConnection, T> question)
    {
        lock (_gate)
        {
            try
            {
                FollowVersion();
                return question(_connection);
            }
            catch (Exception e) when (e is SqliteException or InvalidOperationException || IsForeignValue(e))
            {
                throw new LogStoreException($"cannot read the catalogue: {e.Message}; 'puppylog store verify' says what is wrong", e);
            }
        }
    }
}
