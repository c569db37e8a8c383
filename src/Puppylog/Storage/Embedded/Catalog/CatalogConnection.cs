using System.Globalization;
using Microsoft.Data.Sqlite;
using Puppylog.Diagnostics;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// A read-only connection to catalog.db, by whatever way it can be read: beside a writer, or where nothing can be written as
/// it is or as a copy.
/// </summary>
sealed class CatalogConnection : IDisposable
{
    const int SqliteReadOnly = 8;
    const int SqliteCannotOpen = 14;

    // A copy that is read because the original cannot be; goes with the connection.
    readonly string? _copy;

    CatalogConnection(SqliteConnection sqlite, int version, string? copy) => (Sqlite, Version, _copy) = (sqlite, version, copy);

    public SqliteConnection Sqlite { get; }

    /// <summary>The catalogue's version when it was opened.</summary>
    public int Version { get; }

    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public static CatalogConnection Open(string directory)
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

    public void Dispose()
    {
        Sqlite.Dispose();
        Remove(_copy);
    }

    /// <summary>For a catalogue without a log: it is complete in itself.</summary>
    static string Immutable(string directory)
    {
        var path = Uri.EscapeDataString(DataLayout.CatalogFile(directory)).Replace("%2F", "/", StringComparison.Ordinal);
        return $"file:{path}?immutable=1";
    }

    /// <summary>For a catalogue whose log a killed writer has left: it is played on a copy.</summary>
    static CatalogConnection OpenCopy(string directory)
    {
        var copy = TemporaryDirectory(directory);
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

    static CatalogConnection Connect(string directory, string source, string? copy = null)
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

            return new CatalogConnection(connection, version, copy);
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

    static CatalogConnection Try(string directory, Func<CatalogConnection> open)
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

    /// <exception cref="LogStoreException">There is no place for it.</exception>
    static string TemporaryDirectory(string directory)
    {
        try
        {
            return Directory.CreateTempSubdirectory("puppylog-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStoreException(
                $"the writer of {directory} was killed, and reading what it left where nothing can be written needs a copy of the catalogue in "
                + $"{Path.GetTempPath()}: {e.Message}; set TMPDIR to a directory that can be written", e);
        }
    }

    static LogStoreException Unreadable(string directory, Exception e) => e switch
    {
        SqliteException sqlite when CatalogSchema.IsDamage(sqlite) => CatalogSchema.Damaged(directory, e),
        UnauthorizedAccessException or SqliteException { SqliteErrorCode: SqliteCannotOpen } => new(
            $"cannot read the store in {directory}: permission denied{OwnerOf(directory)}; run as its owner, or have the right to read given to this user", e),
        _ => new($"cannot read the store in {directory}: {e.Message}", e),
    };

    static string OwnerOf(string directory) => FileStatus.TryRead(directory, out var status)
        ? string.Create(CultureInfo.InvariantCulture, $", and it belongs to user {status.UserId}")
        : "";
}
