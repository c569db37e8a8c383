using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>What the catalogue keeps of alerts, within somebody's transaction.</summary>
readonly struct AlertTables(SqliteConnection connection, SqliteTransaction? transaction)
{
    const string Second = "AlertSecond";
    const string WasLive = "AlertWasLive";
    const string Commit = "AlertCommit";

    /// <summary>Changes whenever rules, notifiers or silences do.</summary>
    public long Revision() => Number("SELECT value FROM upkeep WHERE name = 'Alerts'") ?? 0;

    public long MetricRevision() => Value("Metrics") ?? 0;

    public List<AlertItem> Items()
    {
        var items = new List<AlertItem>();
        using var command = Command("SELECT number, kind, name, definition, configured, created, since FROM alert_items ORDER BY kind, name, number");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            items.Add(new(
                reader.GetInt64(0), (AlertItemKind)reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4) != 0, reader.GetInt64(5),
                reader.GetInt64(6)));
        }

        return items;
    }

    public AlertImage Image()
    {
        var states = new Dictionary<long, string>();
        using (var command = Command("SELECT alert, state FROM alert_states"))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                states.Add(reader.GetInt64(0), reader.GetString(1));
            }
        }

        return new(Revision(), LastCommit(), Items(), states, Mark());
    }

    /// <summary>Adds an item, which counts from the next commit on.</summary>
    public void Add(AlertItem item)
    {
        Execute(
            "INSERT INTO alert_items(kind, name, definition, configured, created, since) VALUES ($0, $1, $2, $3, $4, $5)",
            (int)item.Kind, item.Name, item.Definition, item.IsConfigured, item.Created, LastCommit());
        Changed();
    }

    /// <summary>Gives an item another definition; where it stands and its history stay.</summary>
    public void Change(long number, string definition)
    {
        Execute("UPDATE alert_items SET definition = $1 WHERE number = $0", number, definition);
        Changed();
    }

    /// <summary>Removes an item, where it stands and its history.</summary>
    public void Remove(long number)
    {
        Execute("DELETE FROM alert_signals WHERE alert = $0", number);
        Execute("DELETE FROM alert_states WHERE alert = $0", number);
        Execute("DELETE FROM alert_items WHERE number = $0", number);
        Changed();
    }

    /// <summary>Says that something changed that is not in the catalogue: what a configuration keeps secret.</summary>
    public void Changed() => Execute("INSERT INTO upkeep(name, value) VALUES ('Alerts', 1) ON CONFLICT(name) DO UPDATE SET value = value + 1");

    public void Keep(AlertProgressChange change)
    {
        foreach (var (alert, state) in change.States)
        {
            Execute("INSERT OR REPLACE INTO alert_states(alert, state) SELECT number, $1 FROM alert_items WHERE number = $0", alert, state);
        }

        foreach (var signal in change.Signals)
        {
            Execute(
                """
                INSERT OR IGNORE INTO alert_signals(alert, settled, segment, kind, time, value, cause, episode, message, told)
                SELECT number, $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM alert_items WHERE number = $0
                """,
                signal.Alert, signal.IsSettled, signal.Segment, signal.Kind, signal.Time, (object?)signal.Value ?? DBNull.Value, signal.Cause, signal.Episode,
                signal.Message, signal.IsTold);
        }

        if (change.Mark is { } mark)
        {
            Set(Second, mark.Second);
            Set(WasLive, mark.WasLive ? 1 : 0);
            Set(Commit, mark.Commit);
        }
    }

    /// <summary>A rule's history, in order.</summary>
    public List<AlertSignalRow> Signals(long alert)
    {
        var signals = new List<AlertSignalRow>();
        using var command = Command("SELECT settled, segment, kind, time, value, cause, episode, message, told FROM alert_signals WHERE alert = $0 ORDER BY time, rowid", alert);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            signals.Add(new(
                alert, reader.GetInt64(0) != 0, reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetString(5), reader.GetInt64(6), reader.GetString(7), reader.GetInt64(8) != 0));
        }

        return signals;
    }

    /// <summary>The times of the records that commits up to a number have brought, and of those after.</summary>
    /// <param name="commit">The number.</param>
    /// <param name="last">The last commit that is looked at.</param>
    /// <param name="near">Records up to here may be live, in nanoseconds.</param>
    public CommittedTimes Times(long commit, long last, long near)
    {
        using var command = Command(
            """
            SELECT max(iif(last > $0, NULL, max_time)), min(iif(last > $0, min_time, NULL)), max(iif(last > $0, max_time, NULL)), max(iif(last > $0 AND max_time <= $1, max_time, NULL))
            FROM (SELECT b.min_time, b.max_time, ifnull(p.last_commit, b.commit_number) last
                FROM blocks b LEFT JOIN parts p ON p.commit_number = b.commit_number AND p.ordinal = b.ordinal)
            WHERE last <= $2
            """,
            commit, near, last);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new(Nanoseconds(0), Nanoseconds(1), Nanoseconds(2), Nanoseconds(3));

        long? Nanoseconds(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    AlertMark? Mark() => Value(Commit) is { } commit ? new(Value(Second) ?? 0, Value(WasLive) == 1, commit) : null;

    long LastCommit() => Number("SELECT last_commit FROM store") ?? 0;

    long? Value(string name) => Number("SELECT value FROM upkeep WHERE name = $0", name);

    void Set(string name, long value) => Execute("INSERT INTO upkeep(name, value) VALUES ($0, $1) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value);

    long? Number(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
    }

    void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
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
