using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// A read-only connection to catalog.db, beside a writer in this or another process or without one. Thread-safe: one
/// question at a time.
/// </summary>
sealed class CatalogReader : IDisposable
{
    const int SqliteReadOnly = 8;
    const int SqliteCannotOpen = 14;

    readonly Lock _gate = new();
    readonly SqliteConnection _connection;

    // A copy that is read because the original cannot be; goes with the reader.
    readonly string? _copy;

    CatalogReader(SqliteConnection connection, string? copy)
    {
        _connection = connection;
        _copy = copy;
    }

    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public static CatalogReader Open(string directory)
    {
        if (!File.Exists(DataLayout.CatalogFile(directory)))
        {
            throw Missing(directory);
        }

        try
        {
            return Connect(directory, DataLayout.CatalogFile(directory));
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteCannotOpen or SqliteReadOnly)
        {
            // WAL mode wants to make its shared-memory file, and the directory cannot be written; so nobody writes it.
            return Try(directory, () => HasLog(directory) ? OpenCopy(directory) : Connect(directory, Immutable(directory)));
        }
        catch (SqliteException e)
        {
            throw Unreadable(directory, e);
        }
    }

    public long LastCommit() => Ask(connection => Number(connection, "SELECT last_commit FROM store"));

    /// <summary>A number that changes when somebody has written into the catalogue; cheap to ask for.</summary>
    public long Version() => Ask(connection => Number(connection, "PRAGMA data_version"));

    /// <summary>The blocks that overlap a range of times and the last commit, as of one moment.</summary>
    public (long LastCommit, List<BlockRow> Blocks) Blocks(long minTime, long maxTime) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return (Number(connection, "SELECT last_commit FROM store"), CatalogQueries.Blocks(connection, minTime, maxTime));
    });

    /// <summary>The blocks after a commit and the last commit, as of one moment.</summary>
    public (long LastCommit, List<BlockRow> Blocks) BlocksAfter(long commit) => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var last = Number(connection, "SELECT last_commit FROM store");
        return (last, last > commit ? CatalogQueries.BlocksOfCommits(connection, commit, last) : []);
    });

    public List<SourcePosition> Positions() => Ask(CatalogQueries.Positions);

    public EmbeddedStoreStatus Status() => Ask(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT (SELECT count(*) FROM segments), (SELECT ifnull(sum(length), 0) FROM segments), count(*),
                ifnull(sum(records), 0), min(min_time), max(max_time), (SELECT count(*) FROM blocks WHERE damaged <> 0),
                (SELECT last_commit FROM store)
            FROM blocks WHERE damaged = 0
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return new EmbeddedStoreStatus(
            reader.GetInt64(0), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(1), reader.IsDBNull(4) ? null : reader.GetInt64(4),
            reader.IsDBNull(5) ? null : reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), 0);
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
            Remove(_copy);
        }
    }

    /// <summary>For a catalogue without a log: it is complete in itself.</summary>
    static string Immutable(string directory)
    {
        var path = Uri.EscapeDataString(DataLayout.CatalogFile(directory)).Replace("%2F", "/", StringComparison.Ordinal);
        return $"file:{path}?immutable=1";
    }

    /// <summary>For a catalogue whose log a killed writer has left: it is played on a copy.</summary>
    static CatalogReader OpenCopy(string directory)
    {
        var copy = Directory.CreateTempSubdirectory("puppylog-").FullName;
        try
        {
            var file = DataLayout.CatalogFile(directory);
            File.Copy(file, DataLayout.CatalogFile(copy));
            File.Copy(file + "-wal", DataLayout.CatalogFile(copy) + "-wal");
            return Connect(directory, DataLayout.CatalogFile(copy), copy);
        }
        catch
        {
            Remove(copy);
            throw;
        }
    }

    static void Remove(string? copy)
    {
        if (copy is not null)
        {
            try
            {
                Directory.Delete(copy, recursive: true);
            }
            catch (IOException)
            {
                // It lies among the temporary files, where it is found and removed some day.
            }
        }
    }

    static CatalogReader Connect(string directory, string source, string? copy = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            var version = CatalogSchema.Version(connection);
            CatalogSchema.Check(version, directory);
            if (version == 0)
            {
                throw Missing(directory);
            }

            return new CatalogReader(connection, copy);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static bool HasLog(string directory)
    {
        var log = new FileInfo(DataLayout.CatalogFile(directory) + "-wal");
        return log.Exists && log.Length > 0;
    }

    static CatalogReader Try(string directory, Func<CatalogReader> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(directory, e);
        }
    }

    static LogStoreException Missing(string directory)
    {
        try
        {
            if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Contains(DataLayout.Days(directory)))
            {
                return CatalogSchema.Lost(directory);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            return Unreadable(directory, e);
        }

        return new($"there is no store in {directory}; collect something first: puppylog collect -s FILE");
    }

    static LogStoreException Unreadable(string directory, Exception e) => e is SqliteException sqlite && CatalogSchema.IsDamage(sqlite)
        ? CatalogSchema.Damaged(directory, e)
        : new($"cannot read the store in {directory}: {e.Message}", e);

    static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    T Ask<T>(Func<SqliteConnection, T> question)
    {
        lock (_gate)
        {
            try
            {
                return question(_connection);
            }
            catch (Exception e) when (e is SqliteException or InvalidOperationException)
            {
                throw new LogStoreException($"cannot read the catalogue: {e.Message}", e);
            }
        }
    }
}
