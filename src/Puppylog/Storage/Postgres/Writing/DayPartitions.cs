using System.Globalization;
using Npgsql;
using Puppylog.Records;
using Puppylog.Storage.Postgres.Schema;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>
/// Makes the partitions of days: at once for days about now, for others when they are worth it, so that hostile times
/// cannot make thousands of tables. Until then, and where the user may make none, rows stay in <c>logs_default</c>, and move
/// when their day is made.
/// </summary>
sealed class DayPartitions(TimeProvider clock)
{
    /// <summary>Rows in the default partition for which a day gets its own.</summary>
    const int WorthRows = 10_000;

    /// <summary>More days than this are not counted.</summary>
    const int MaxCounted = 10_000;

    static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(1);

    readonly HashSet<int> _made = [];
    readonly Dictionary<int, int> _waiting = [];
    long _failedAt;
    bool _hasFailed;

    public async Task PrepareAsync(NpgsqlConnection connection, IReadOnlyList<RecordBatch> batches, CancellationToken cancellationToken)
    {
        if (_hasFailed && clock.GetElapsedTime(_failedAt) < RetryPause)
        {
            return;
        }

        var today = Timestamps.DayOf(Timestamps.Now(clock));
        foreach (var (day, rows) in Count(batches))
        {
            var isNow = Math.Abs(day - today) <= 1;
            if (!isNow && _waiting.GetValueOrDefault(day) + rows < WorthRows)
            {
                if (_waiting.Count < MaxCounted || _waiting.ContainsKey(day))
                {
                    _waiting[day] = _waiting.GetValueOrDefault(day) + rows;
                }

                continue;
            }

            try
            {
                await MakeAsync(connection, day, cancellationToken).ConfigureAwait(false);
                _made.Add(day);
                _waiting.Remove(day);
                _hasFailed = false;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrors.InsufficientPrivilege or "55P03" or "40P01")
            {
                (_failedAt, _hasFailed) = (clock.GetTimestamp(), true);
                return;
            }
        }
    }

    /// <summary>Rows per day that has no partition yet.</summary>
    Dictionary<int, int> Count(IReadOnlyList<RecordBatch> batches)
    {
        var days = new Dictionary<int, int>();
        foreach (var batch in batches)
        {
            var (from, day, isMade) = (0L, int.MinValue, false);
            foreach (var time in batch.Times)
            {
                if (day == int.MinValue || (ulong)(time - from) >= (ulong)Timestamps.Day)
                {
                    day = Timestamps.DayOf(time);
                    from = Math.Max(long.MinValue / Timestamps.Day, day) * Timestamps.Day;
                    isMade = _made.Contains(day);
                }

                if (!isMade)
                {
                    days[day] = days.GetValueOrDefault(day) + 1;
                }
            }
        }

        return days;
    }

    static async Task MakeAsync(NpgsqlConnection connection, int day, CancellationToken cancellationToken)
    {
        var (year, month, dayOfMonth) = Timestamps.CivilFromDays(day);
        var name = string.Create(CultureInfo.InvariantCulture, $"logs_{year:D4}{month:D2}{dayOfMonth:D2}");
        var (from, to) = (Text(day), Text(day + 1));
        if (await ExistsAsync(connection, name, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Nobody may wait for long behind who waits here: the day is made another time.
            await Bootstrap.ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = '3s'; SELECT pg_advisory_xact_lock({SchemaSteps.SchemaLock})"), cancellationToken).ConfigureAwait(false);
            if (await ExistsAsync(connection, name, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            await Bootstrap.ExecuteAsync(
                connection,
                $"""
                CREATE TABLE {name} (LIKE logs INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE);
                LOCK TABLE logs_default IN ACCESS EXCLUSIVE MODE;
                WITH moved AS (DELETE FROM logs_default WHERE time >= '{from}' AND time < '{to}' RETURNING *) INSERT INTO {name} SELECT * FROM moved;
                ALTER TABLE logs ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}')
                """,
                cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks the table of tables: a name's look-up may answer from what the session remembers.</summary>
    static async Task<bool> ExistsAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken) =>
        await SchemaCheck.TextAsync(
            connection,
            $"SELECT count(*)::text FROM pg_class WHERE relname = '{name}' AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'logs'::regclass)",
            cancellationToken).ConfigureAwait(false) != "0";

    static string Text(int day)
    {
        var (year, month, dayOfMonth) = Timestamps.CivilFromDays(day);
        return string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{dayOfMonth:D2} 00:00:00+00");
    }
}
