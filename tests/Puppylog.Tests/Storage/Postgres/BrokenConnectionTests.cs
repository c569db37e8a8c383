using System.Globalization;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Tests.Storage.Embedded;
using Puppylog.Tests.Storage.Postgres.Servers;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Connections that break at the worst moments: each commit is there once.</summary>
public sealed class BrokenConnectionTests(SharedPostgres postgres) : PostgresTest(postgres)
{
    [Theory]
    [InlineData("COMMIT\0", true)]
    [InlineData("COMMIT\0", false)]
    [InlineData("nextval('log_commit_numbers')", true)]
    [InlineData("INSERT INTO log_positions", true)]
    [InlineData("COPY logs", true)]
    [InlineData("PGCOPY", false)]
    public async Task Commit_is_stored_once_wherever_the_connection_breaks(string mark, bool afterAnswer)
    {
        await using var proxy = new CuttingProxy(Server.Port);
        await using (var store = await PostgresStore.OpenAsync(Through(proxy), TimeProvider.System, Cancellation))
        {
            await store.CommitAsync(Commit(Batch("a"), Move(null, 1), "k1"), Cancellation);
            proxy.CutAt(mark == "INSERT INTO log_positions" ? "UPDATE log_positions" : mark, afterAnswer);
            var receipt = await store.CommitAsync(Commit(Batch("b"), Move(1, 2), "k2"), Cancellation);
            Assert.Equal(1, proxy.Cuts);
            Assert.Equal((1, false), (receipt.Records, receipt.AlreadyStored));
            await store.CommitAsync(Commit(Batch("c"), Move(2, 3)), Cancellation);
            Assert.Null(store.Trouble);
        }

        await using var direct = await OpenAsync();
        Assert.Equal(["a", "b", "c"], await LineSink.ReadAsync(direct));
        Assert.Equal([Position(3)], await direct.ReadPositionsAsync(Cancellation));
    }

    [Fact]
    public async Task Commit_without_positions_or_keys_is_stored_once_though_its_answer_was_lost()
    {
        await using var proxy = new CuttingProxy(Server.Port);
        await using var store = await PostgresStore.OpenAsync(Through(proxy), TimeProvider.System, Cancellation);
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        proxy.CutAt("COMMIT\0", afterAnswer: true);
        await store.CommitAsync(Commit(Batch("b")), Cancellation);
        Assert.Equal(["a", "b"], await LineSink.ReadAsync(store));
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task Connection_that_breaks_within_the_rows_leaves_none_of_them()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 60_000; i++)
        {
            Add(batch, Day0 + i, string.Create(CultureInfo.InvariantCulture, $"line {i} with some text behind it"));
        }

        await using var proxy = new CuttingProxy(Server.Port);
        await using var store = await PostgresStore.OpenAsync(Through(proxy), TimeProvider.System, Cancellation);
        proxy.CutAfter(3_000_000);
        await store.CommitAsync(Commit(batch, Move(null, 5)), Cancellation);
        Assert.Equal(1, proxy.Cuts);
        Assert.Equal("60000|60000", await SqlAsync("SELECT count(*), count(DISTINCT message) FROM logs"));
    }

    [Fact]
    public async Task Connections_that_the_server_ends_are_made_again()
    {
        await using var store = await OpenAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        await using var commits = store.WatchAsync(timeout.Token).GetAsyncEnumerator(timeout.Token);
        for (var i = 0; i < 5; i++)
        {
            await store.CommitAsync(Commit(Batch($"{i}"), Move(i == 0 ? null : i, i + 1)), Cancellation);
            await SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }

        var seen = new List<string>();
        while (seen.Count < 5)
        {
            Assert.True(await commits.MoveNextAsync());
            seen.AddRange(Lines(commits.Current.Blocks));
        }

        Assert.Equal(["0", "1", "2", "3", "4"], seen);
    }

    [Fact]
    public async Task Read_only_server_is_waited_out()
    {
        await using var store = await OpenAsync();
        await SqlAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
        await SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        var commit = store.CommitAsync(Commit(Batch("a")), Cancellation);
        while (store.Trouble?.Contains("read-only", StringComparison.Ordinal) != true)
        {
            Assert.False(commit.IsCompleted);
            await Task.Delay(20, Cancellation);
        }

        await Server.SqlAsync(Server.Address("postgres"), $"ALTER DATABASE {Address[(Address.LastIndexOf('/') + 1)..Address.IndexOf('?', StringComparison.Ordinal)]} RESET default_transaction_read_only");
        await commit;
        Assert.Null(store.Trouble);
        Assert.Equal(["a"], await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Store_that_is_closed_while_the_server_is_away_breaks_off()
    {
        var store = await OpenAsync();
        await SqlAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
        await SqlAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        var commit = store.CommitAsync(Commit(Batch("a")), Cancellation);
        using var cancelled = new CancellationTokenSource();
        var second = store.CommitAsync(Commit(Batch("b")), cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<LogStoreException>(() => commit);
    }

    [Fact]
    public async Task Two_collectors_of_one_source_never_both_store_a_line()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await (i % 2 == 0 ? one : other).CommitAsync(Commit(Batch($"{i}"), Move(null, 1)), Cancellation);
                return true;
            }
            catch (PositionConflictException)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, stored => stored);
        Assert.Single(await LineSink.ReadAsync(one));
    }

    [Fact]
    public async Task Commits_and_keys_of_more_than_a_day_ago_are_forgotten()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Commit(Batch("a"), null, "k"), Cancellation);
            await store.CommitAsync(Commit(Batch("b")), Cancellation);
        }

        await SqlAsync("UPDATE log_commits SET at = at - interval '25 hours'; UPDATE log_keys SET at = at - interval '25 hours'");
        await using (var again = await OpenAsync())
        {
            Assert.Equal(3, (await again.CommitAsync(Commit(Batch("c")), Cancellation)).Commit);
            // It waits for what follows the first commit.
            await again.CommitAsync(Commit(Batch("d")), Cancellation);
            Assert.Equal(["a", "b", "c", "d"], await LineSink.ReadAsync(again));
        }

        Assert.Equal("3,4|0", await SqlAsync("SELECT string_agg(number::text, ',' ORDER BY number), (SELECT count(*) FROM log_keys) FROM log_commits"));
    }

    string Through(CuttingProxy proxy) => Address.Replace($":{Server.Port}/", $":{proxy.Port}/", StringComparison.Ordinal);
}
