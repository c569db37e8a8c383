using Puppylog.Records;
using Puppylog.Tests.Storage.Postgres.Servers;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Rows that others insert by SQL.</summary>
public sealed class ForeignRowsTests(SharedPostgres postgres) : PostgresTest(postgres)
{
    const string Columns = "time, application_name, environment_name, log_event, trace_id, file_path, host_ip, data";

    [Fact]
    public async Task Row_of_eight_columns_is_found_like_any_other()
    {
        await SqlAsync($$$"""INSERT INTO logs ({{{Columns}}}) VALUES ('2026-11-21 10:00+00', 'shop', 'prod', 'request', 't1', '/x', '10.0.0.1', '{"status_code": 500, "level": "error", "message": "it broke", "user": {"id": 7}}')""");
        await using var store = await OpenAsync();
        foreach (var query in new[] { "broke", "application_name:=shop", "trace_id:=t1", "status_code:500", "data.status_code:500", "level:=error", "user.id:7", "_time:2026-11-21", "* | sort by (_time desc) | limit 1" })
        {
            Assert.Equal(["_msg=it broke application_name=shop environment_name=prod file_path=/x host_ip=10.0.0.1 level=error log_event=request status_code=500 trace_id=t1 user.id=7"], await RowsAsync(store, query));
        }
    }

    [Theory]
    [InlineData("NULL", "request")]
    [InlineData("'5'", "request")]
    [InlineData("'[1, 2]'", "request")]
    [InlineData("""'{"msg": "said"}'""", "said")]
    [InlineData("""'{"_time": "x", "_raw": "y", "_line.zone": "z", "": 1}'""", "request")]
    public async Task Row_without_a_message_shows_what_says_most(string data, string message)
    {
        await SqlAsync($"INSERT INTO logs ({Columns}) VALUES ('infinity', '', '', 'request', '', '', '', {data})");
        await using var store = await OpenAsync();
        Assert.Equal([$"_msg={message}"], await RowsAsync(store, "*", FieldNames.Message));
    }

    [Fact]
    public async Task Watcher_gets_rows_of_others_once_each_transaction_at_its_commit()
    {
        await using var store = await OpenAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        await SqlAsync($"INSERT INTO logs ({Columns}) VALUES ('2026-11-21', '', '', 'before', '', '', '', NULL)");
        await using var commits = store.WatchAsync(timeout.Token).GetAsyncEnumerator(timeout.Token);
        await SqlAsync($"BEGIN; INSERT INTO logs ({Columns}) VALUES ('2026-11-21', '', '', 'never', '', '', '', NULL); ROLLBACK");
        await SqlAsync(
            $"BEGIN; INSERT INTO logs ({Columns}) VALUES ('2026-11-21', '', '', 'one', '', '', '', NULL); SAVEPOINT s; INSERT INTO logs ({Columns}) VALUES ('2020-01-01', '', '', 'two', '', '', '', NULL); COMMIT");
        var covered = await store.QueryAsync(Puppylog.Query.QueryParser.Parse("*", 0), new ByteSink(), Cancellation);
        await store.CommitAsync(Commit(Batch("own")), Cancellation);
        await SqlAsync($"INSERT INTO logs ({Columns}) VALUES ('2026-11-21', '', '', 'three', '', '', '', NULL)");

        var seen = new List<string>();
        while (seen.Count < 4)
        {
            Assert.True(await commits.MoveNextAsync());
            seen.AddRange(Lines(commits.Current.Blocks));
            Assert.Equal(seen.Count > 2, commits.Current.Commit > covered);
        }

        Assert.Equal(["one", "two", "own", "three"], seen);
    }

    [Fact]
    public async Task Rows_are_taken_from_sessions_that_have_another_search_path()
    {
        await SqlAsync($"SET search_path = ''; INSERT INTO public.logs ({Columns}) VALUES ('2026-11-21', '', '', 'restored', '', '', '', NULL)");
        Assert.Equal("1|0", await SqlAsync("SELECT count(*), (SELECT count(*) FROM log_transactions) FROM log_commits"));
    }

    [Fact]
    public async Task Rows_move_out_of_the_default_partition_when_their_day_is_made()
    {
        await SqlAsync($"INSERT INTO logs ({Columns}) VALUES ('2020-05-05 00:00+00', '', '', 'first', '', '', '', NULL), ('2020-05-05 23:59:59.999999+00', '', '', 'last', '', '', '', NULL), ('2020-05-06 00:00+00', '', '', 'next', '', '', '', NULL)");
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 10_000; i++)
        {
            Add(batch, (Timestamps.DaysFromCivil(2020, 5, 5) * Timestamps.Day) + i, "x");
        }

        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(batch), Cancellation);

        Assert.Equal("logs_20200505|10002\nlogs_default|1", await SqlAsync("SELECT tableoid::regclass, count(*) FROM logs GROUP BY 1 ORDER BY 2 DESC"));
        Assert.Equal(["_msg=first", "_msg=last", "_msg=next"], await RowsAsync(store, "first or last or next", FieldNames.Message));
    }

    [Fact]
    public async Task Day_is_made_once_by_stores_that_begin_at_the_same_time()
    {
        var day = Timestamps.DayOf(Timestamps.Now(TimeProvider.System));
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync()));
        await Task.WhenAll(stores.Select(store => store.CommitAsync(Commit(BatchAt(day * Timestamps.Day, "x")), Cancellation)));
        Assert.Equal("8|1", await SqlAsync("SELECT count(*), count(DISTINCT tableoid) FROM logs"));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Days_of_hostile_times_get_no_partitions()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 9_000; i++)
        {
            Add(batch, Day0 - (i * Timestamps.Day), "x");
        }

        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(batch), Cancellation);
        Assert.True(int.Parse(await SqlAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass"), System.Globalization.CultureInfo.InvariantCulture) <= 4);
        Assert.Equal("9000", await SqlAsync("SELECT count(*) FROM logs"));
    }
}
