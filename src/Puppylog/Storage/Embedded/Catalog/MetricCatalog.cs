using Microsoft.Data.Sqlite;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// The catalogue's metrics, over a connection of its own: SQLite lets it write between two commits of the writer, which sees
/// in its next transaction that they have changed.
/// </summary>
static class MetricCatalog
{
    public static List<MetricRow> Read(string directory) =>
        File.Exists(DataLayout.CatalogFile(directory)) ? Ask(directory, SqliteOpenMode.ReadOnly, connection => IsOlder(connection) ? [] : new MetricTables(connection, null).Metrics()) : [];

    /// <summary>Adds metrics that are not filled.</summary>
    /// <param name="replaced">What goes in the same moment.</param>
    /// <param name="metrics">Identifier, definition and creation.</param>
    /// <param name="within">Called before it is certain, while nothing is committed.</param>
    public static List<MetricRow> Add(string directory, IReadOnlyList<long> replaced, IReadOnlyList<(string Id, string Definition, long Created)> metrics, Action? within) =>
        Change(directory, tables =>
        {
            foreach (var number in replaced)
            {
                tables.Remove(number);
            }

            var rows = metrics.Select(metric => tables.Add(metric.Id, metric.Definition, metric.Created)).ToList();
            within?.Invoke();
            return rows;
        });

    /// <summary>Adds what there was before some metrics, all or nothing.</summary>
    /// <exception cref="LogStoreException">One was deleted meanwhile.</exception>
    public static void Fill(string directory, IReadOnlyList<MetricRow> filled, IReadOnlyList<byte[]> counts, IMetricEngine engine) => Change(directory, tables =>
    {
        var known = tables.Metrics();
        if (filled.FirstOrDefault(metric => !known.Any(other => other.Number == metric.Number)) is { } gone)
        {
            throw new LogStoreException($"the metric '{gone.Id}' was deleted while it was filled");
        }

        tables.Write(known, engine.Fold(filled, counts, tables.Chunk));
        foreach (var metric in filled)
        {
            tables.MarkFilled(metric.Number);
        }

        return true;
    });

    public static bool Delete(string directory, string id) => Change(directory, tables => tables.Metrics().FirstOrDefault(metric => metric.Id == id) is { } metric && tables.Remove(metric.Number));

    /// <summary>A metric's chunks, and the counts that are not in them, as of one moment; null where there is no such metric.</summary>
    public static (MetricRow Metric, List<MetricChunk> Chunks, List<byte[]> Counts)? Values(string directory, string id, long from, long to) =>
        Ask<(MetricRow, List<MetricChunk>, List<byte[]>)?>(directory, SqliteOpenMode.ReadOnly, connection =>
        {
            if (IsOlder(connection))
            {
                return null;
            }

            using var transaction = connection.BeginTransaction(deferred: true);
            var tables = new MetricTables(connection, transaction);
            return tables.Metrics().FirstOrDefault(metric => metric.Id == id) is { } metric
                ? (metric, tables.Chunks(metric.Number, Math.Max(from, metric.Floor), to), tables.Counts())
                : null;
        });

    static bool IsOlder(SqliteConnection connection) => CatalogSchema.Version(connection) < CatalogSchema.WithMetrics;

    static T Change<T>(string directory, Func<MetricTables, T> change) => Ask(directory, SqliteOpenMode.ReadWrite, connection =>
    {
        if (IsOlder(connection))
        {
            throw new LogStoreException($"the store in {directory} is written by an older Puppylog, which knows no metrics; restart it with this one");
        }

        CatalogSchema.Check(CatalogSchema.Version(connection), directory);
        using var transaction = connection.BeginTransaction(deferred: false);
        var tables = new MetricTables(connection, transaction);
        var result = change(tables);
        // Within the transaction: of two who change metrics, the later writes the later file.
        MetricFile.Write(LocalFileSystem.Instance, directory, tables.Metrics());
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
            throw new LogStoreException($"the metrics of {directory} cannot be written: {wrong.Message}", wrong);
        }
        catch (SqliteException wrong)
        {
            throw CatalogSchema.IsDamage(wrong) ? CatalogSchema.Damaged(directory, wrong) : new LogStoreException($"the metrics of {directory} cannot be reached: {wrong.Message}", wrong);
        }
    }
}
