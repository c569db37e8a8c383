using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// What the catalogue keeps of metrics, within somebody's transaction: the metrics, chunks of their periods, and what the
/// last commits added and is not yet in the chunks.
/// </summary>
readonly struct MetricTables(SqliteConnection connection, SqliteTransaction? transaction)
{
    /// <summary>
    /// The newest chunks of a metric that are kept: three days of seconds, or of ten seconds with segments
    /// (<see cref="IMetricEngine"/> says how many periods a chunk has).
    /// </summary>
    public const int KeptChunks = 4096;

    /// <summary>Changes whenever the metrics do.</summary>
    public long Revision() => Number("SELECT value FROM upkeep WHERE name = 'Metrics'") ?? 0;

    /// <summary>The last commit that is counted.</summary>
    public long LastCommit() => Number("SELECT last_commit FROM store") ?? 0;

    public List<MetricRow> Metrics()
    {
        var metrics = new List<MetricRow>();
        using var command = Command("SELECT number, id, definition, created, since, filled, floor FROM metrics ORDER BY id");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            metrics.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5) != 0, reader.GetInt64(6)));
        }

        return metrics;
    }

    /// <summary>Adds a metric that is not filled, which counts from the next commit on.</summary>
    public MetricRow Add(string id, string definition, long created)
    {
        var since = LastCommit();
        Execute("INSERT INTO metrics(id, definition, created, since, filled, floor) VALUES ($0, $1, $2, $3, 0, $4)", id, definition, created, since, long.MinValue);
        Changed();
        return new(Number("SELECT last_insert_rowid()")!.Value, id, definition, created, since, IsFilled: false, long.MinValue);
    }

    public bool Remove(long number)
    {
        Execute("DELETE FROM metric_values WHERE metric = $0", number);
        var removed = Execute("DELETE FROM metrics WHERE number = $0", number) > 0;
        Changed();
        return removed;
    }

    public bool Define(string id, string definition)
    {
        var changed = Execute("UPDATE metrics SET definition = $1 WHERE id = $0", id, definition) > 0;
        Changed();
        return changed;
    }

    /// <summary>The time of the newest record up to now, and when one was last stored.</summary>
    public (long Record, long Stored) Newest(long now) =>
        (Number("SELECT max(min(max_time, $0)) FROM blocks WHERE min_time <= $0", now) ?? 0, Number("SELECT max(written) FROM segments") ?? 0);

    public void MarkFilled(long number)
    {
        Execute("UPDATE metrics SET filled = 1 WHERE number = $0", number);
        Changed();
    }

    public void AddCounts(long commit, byte[] counts) => Execute("INSERT INTO metric_counts(commit_number, data) VALUES ($0, $1)", commit, counts);

    /// <summary>How many counts wait to be folded, and their bytes.</summary>
    public (long Rows, long Bytes) Waiting() =>
        (Number("SELECT count(*) FROM metric_counts") ?? 0, Number("SELECT coalesce(sum(length(data)), 0) FROM metric_counts") ?? 0);

    public List<byte[]> Counts()
    {
        var counts = new List<byte[]>();
        using var command = Command("SELECT data FROM metric_counts ORDER BY commit_number");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            counts.Add((byte[])reader.GetValue(0));
        }

        return counts;
    }

    public byte[]? Chunk(long metric, long chunk)
    {
        using var command = Command("SELECT data FROM metric_values WHERE metric = $0 AND chunk = $1", metric, chunk);
        return command.ExecuteScalar() as byte[];
    }

    public List<MetricChunk> Chunks(long metric, long from, long to)
    {
        var chunks = new List<MetricChunk>();
        using var command = Command("SELECT chunk, data FROM metric_values WHERE metric = $0 AND chunk BETWEEN $1 AND $2 ORDER BY chunk", metric, from, to);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            chunks.Add(new(metric, reader.GetInt64(0), (byte[])reader.GetValue(1)));
        }

        return chunks;
    }

    /// <summary>Moves what waits into the chunks, and drops the oldest beyond <see cref="KeptChunks"/>.</summary>
    public void Fold(IMetricEngine engine)
    {
        using var reading = new Statement(connection, "SELECT data FROM metric_values WHERE metric = $0 AND chunk = $1", 2);
        using var writing = new Statement(connection, "INSERT INTO metric_values(metric, chunk, data) VALUES ($0, $1, $2) ON CONFLICT(metric, chunk) DO UPDATE SET data = excluded.data", 3);
        var within = transaction;
        var (metrics, counts) = (Metrics(), Counts());
        // First, so that the chunks take their room.
        Execute("DELETE FROM metric_counts");
        Write(writing, metrics, engine.Fold(metrics, counts, (metric, chunk) => reading.Find(within, metric, chunk) as byte[]));
    }

    public void Write(IReadOnlyList<MetricRow> metrics, IEnumerable<MetricChunk> chunks)
    {
        using var writing = new Statement(connection, "INSERT INTO metric_values(metric, chunk, data) VALUES ($0, $1, $2) ON CONFLICT(metric, chunk) DO UPDATE SET data = excluded.data", 3);
        Write(writing, metrics, chunks);
    }

    void Write(Statement writing, IReadOnlyList<MetricRow> metrics, IEnumerable<MetricChunk> chunks)
    {
        var floors = metrics.ToDictionary(metric => metric.Number, metric => metric.Floor);
        var last = transaction;
        var changed = new HashSet<long>();
        foreach (var chunk in chunks)
        {
            changed.Add(chunk.Metric);
            // What is older than what was dropped would come back incomplete.
            if (floors.TryGetValue(chunk.Metric, out var floor) && chunk.Chunk >= floor)
            {
                writing.Execute(last, chunk.Metric, chunk.Chunk, chunk.Bytes);
            }
        }

        foreach (var metric in changed)
        {
            Prune(metric);
        }
    }

    void Prune(long metric)
    {
        if (Number("SELECT chunk FROM metric_values WHERE metric = $0 ORDER BY chunk DESC LIMIT 1 OFFSET $1", metric, KeptChunks - 1) is { } first
            && Execute("DELETE FROM metric_values WHERE metric = $0 AND chunk < $1", metric, first) > 0)
        {
            Execute("UPDATE metrics SET floor = $1 WHERE number = $0", metric, first);
        }
    }

    void Changed() => Execute("INSERT INTO upkeep(name, value) VALUES ('Metrics', 1) ON CONFLICT(name) DO UPDATE SET value = value + 1");

    long? Number(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
    }

    int Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i]);
        }

        return command;
    }
}
