using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>The catalogue's metrics. The writer sees in its next transaction that they have changed.</summary>
static class MetricCatalog
{
    public static DefinitionFile<MetricRow> File { get; } = new(
        DataLayout.MetricsFile,
        (json, metric) =>
        {
            json.WriteString("id", metric.Id);
            json.WriteString("definition", metric.Definition);
            json.WriteString("created", Timestamps.ToRfc3339(metric.Created));
        },
        line => DefinitionFile<MetricRow>.Text(line, "id") is { Length: > 0 } id && DefinitionFile<MetricRow>.Text(line, "definition") is { Length: > 0 } definition
            ? new(0, id, definition, DefinitionFile<MetricRow>.Time(line, "created"), 0, IsFilled: false, long.MinValue)
            : null,
        metric => metric.Id);

    static readonly DefinitionCatalog<MetricRow> Definitions =
        new("metrics", CatalogSchema.WithMetrics, (connection, transaction) => new MetricTables(connection, transaction).Metrics(), File);

    public static List<MetricRow> Read(string directory) => Definitions.Read(directory);

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
        Definitions.Ask<(MetricRow, List<MetricChunk>, List<byte[]>)?>(directory, (connection, transaction) =>
        {
            var tables = new MetricTables(connection, transaction);
            return tables.Metrics().FirstOrDefault(metric => metric.Id == id) is { } metric
                ? (metric, tables.Chunks(metric.Number, Math.Max(from, metric.Floor), to), tables.Counts())
                : null;
        });

    /// <summary>The newest chunks of metrics, and the counts that are not in them, as of one commit; null where the store is of a program that knew none.</summary>
    /// <param name="first">The first chunk that is wanted of a metric; null where none is.</param>
    public static MetricImage? Image(string directory, Func<MetricRow, long?> first) => Definitions.Ask(directory, (connection, transaction) =>
    {
        var tables = new MetricTables(connection, transaction);
        var metrics = tables.Metrics();
        var chunks = metrics.SelectMany(metric => first(metric) is { } from ? tables.Chunks(metric.Number, Math.Max(from, metric.Floor), long.MaxValue) : []).ToList();
        return new MetricImage(tables.Revision(), tables.LastCommit(), metrics, chunks, tables.Counts());
    });

    public static void Define(string directory, string id, string definition) => Change(directory, tables => tables.Define(id, definition));

    public static (long Record, long Stored) Newest(string directory, long now) =>
        Definitions.Ask<(long, long)>(directory, (connection, transaction) => new MetricTables(connection, transaction).Newest(now));

    static T Change<T>(string directory, Func<MetricTables, T> change) =>
        Definitions.Change(directory, (connection, transaction) => change(new MetricTables(connection, transaction)));
}
