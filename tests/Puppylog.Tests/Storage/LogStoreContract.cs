using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Tests.Storage.Embedded;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage;

/// <summary>What every store must do. A store's tests inherit it; a deviation is overridden with its reason.</summary>
public abstract class LogStoreContract
{
    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens the test's store for writing; a second call opens the same one again.</summary>
    internal abstract Task<ILogStore> OpenAsync();

    [Fact]
    public async Task Commit_is_read_back_with_its_positions()
    {
        await using var store = await OpenAsync();
        Assert.Empty(await store.ReadPositionsAsync(Cancellation));

        var receipt = await store.CommitAsync(Commit(Batch("a", "b", ""), Move(null, 100)), Cancellation);

        Assert.Equal(3, receipt.Records);
        Assert.False(receipt.AlreadyStored);
        Assert.Equal(["a", "b", ""], await LineSink.ReadAsync(store));
        Assert.Equal([Position(100)], await store.ReadPositionsAsync(Cancellation));
        Assert.Null(store.Trouble);
    }

    [Fact]
    public async Task Reopened_store_has_everything()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
            await store.CommitAsync(Commit(Batch("b"), Move(10, 20)), Cancellation);
        }

        await using var again = await OpenAsync();
        Assert.Equal([Position(20)], await again.ReadPositionsAsync(Cancellation));
        var receipt = await again.CommitAsync(Commit(Batch("c"), Move(20, 30)), Cancellation);
        Assert.Equal(3, receipt.Commit);
        Assert.Equal(["a", "b", "c"], await LineSink.ReadAsync(again));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(5L)]
    [InlineData(20L)]
    public async Task Position_that_was_moved_meanwhile_is_a_conflict_and_nothing_is_stored(long? from)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);

        var conflict = await Assert.ThrowsAsync<PositionConflictException>(
            () => store.CommitAsync(new([Batch("x")], [Move(null, 1, "other"), Move(from, 30)], []), Cancellation));

        Assert.Equal("file:1:2", conflict.SourceId);
        Assert.Contains("/var/log/a.log", conflict.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], await LineSink.ReadAsync(store));
        Assert.Equal([Position(10)], await store.ReadPositionsAsync(Cancellation));
        await store.CommitAsync(Commit(Batch("b"), Move(10, 30)), Cancellation);
        Assert.Equal(["a", "b"], await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Another_generation_is_a_conflict()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        var move = new PositionChange(Position(10) with { Generation = 1 }, Position(30));
        await Assert.ThrowsAsync<PositionConflictException>(() => store.CommitAsync(Commit(Batch("x"), move), Cancellation));
    }

    [Fact]
    public async Task Known_key_stores_nothing_again()
    {
        await using var store = await OpenAsync();
        var first = await store.CommitAsync(Commit(Batch("a"), null, "k1", "k2"), Cancellation);
        var second = await store.CommitAsync(Commit(Batch("a"), null, "k2"), Cancellation);

        Assert.False(first.AlreadyStored);
        Assert.True(second.AlreadyStored);
        Assert.Equal(0, second.Records);
        Assert.Equal(first.Commit, second.Commit);
        Assert.Equal(["a"], await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Commits_take_effect_in_the_order_of_the_calls()
    {
        await using var store = await OpenAsync();
        var commits = Enumerable.Range(0, 50)
            .Select(i => store.CommitAsync(Commit(Batch($"{i}"), Move(i == 0 ? null : i, i + 1)), Cancellation))
            .ToList();
        var receipts = await Task.WhenAll(commits);

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), receipts.Select(receipt => receipt.Commit));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Commit_without_records_moves_positions()
    {
        await using var store = await OpenAsync();
        var receipt = await store.CommitAsync(Commit(null, Move(null, 10)), Cancellation);
        Assert.Equal(0, receipt.Records);
        Assert.Equal([Position(10)], await store.ReadPositionsAsync(Cancellation));
        Assert.Empty(await LineSink.ReadAsync(store));
    }

    [Fact]
    public async Task Watcher_gets_each_later_commit_once_and_in_order()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("before")), Cancellation);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        var watch = store.WatchAsync(timeout.Token);
        await store.CommitAsync(Commit(Batch("0")), Cancellation);
        await store.CommitAsync(Commit(null, Move(null, 10)), Cancellation);

        var seen = new List<string>();
        var next = 1;
        await foreach (var commit in watch)
        {
            seen.AddRange(Lines(commit.Blocks));
            if (seen.Count == 1)
            {
                // More than a watcher's memory holds, while it is busy.
                await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => store.CommitAsync(Commit(Batch($"{next++}")), Cancellation)));
            }

            if (seen.Count >= 201)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 201).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task Query_says_which_commits_it_covers()
    {
        await using var store = await OpenAsync();
        var query = QueryParser.Parse("*", 0);
        var before = await store.QueryAsync(query, new LineSink(), Cancellation);
        var receipt = await store.CommitAsync(Commit(Batch("a"), Move(null, 10)), Cancellation);
        Assert.True(before < receipt.Commit);
        Assert.Equal(receipt.Commit, await store.QueryAsync(query, new LineSink(), Cancellation));
    }

    [Fact]
    public async Task Records_of_many_days_are_all_stored()
    {
        await using var store = await OpenAsync();
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 300; i++)
        {
            Add(batch, Day0 + ((i * 7 % 100) * Timestamps.Day), $"{i}");
        }

        var receipt = await store.CommitAsync(Commit(batch), Cancellation);
        Assert.Equal(300, receipt.Records);
        Assert.Equal(Enumerable.Range(0, 300), (await LineSink.ReadAsync(store)).Select(int.Parse).Order());
    }
}
