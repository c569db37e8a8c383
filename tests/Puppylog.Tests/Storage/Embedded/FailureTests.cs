using Microsoft.Data.Sqlite;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Catalog;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class FailureTests : IDisposable
{
    const int NoSpace = 28;
    const int InputOutput = 5;

    readonly TemporaryDirectory _directory = new();
    readonly ModelFileSystem _files = new(new Random(1));
    Action<CatalogStep>? _hook;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("write")]
    [InlineData("create")]
    [InlineData("sync")]
    [InlineData("catalog")]
    public async Task Full_disk_is_waited_out(string operation)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
        var full = true;
        var noticed = new TaskCompletionSource();
        void Fail()
        {
            if (store.Trouble is not null)
            {
                noticed.TrySetResult();
            }
        }

        _files.Fault = (name, _) =>
        {
            Fail();
            return full && name == operation ? new IOException("full", NoSpace) : null;
        };
        _hook = step =>
        {
            Fail();
            if (full && operation == "catalog" && step == CatalogStep.Committing)
            {
                throw new SqliteException("full", 13);
            }
        };

        var commit = store.CommitAsync(Commit(BatchAt(Day0 + Puppylog.Records.Timestamps.Day, "b"), Move(1, 2)), Cancellation);
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal($"the disk that holds {_directory.Data} is full; intake waits until there is room", store.Trouble);
        Assert.False(commit.IsCompleted);
        Assert.Equal(["a"], Lines(((IEmbeddedStore)store).Snapshot()));

        full = false;
        await commit;
        await store.CommitAsync(Commit(null, Move(2, 3)), Cancellation);
        Assert.Null(store.Trouble);
        Assert.Equal(["a", "b"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    [Fact]
    public async Task Waiting_for_room_can_be_cancelled()
    {
        await using var store = await OpenAsync();
        _files.Fault = (name, _) => name == "write" ? new IOException("full", NoSpace) : null;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = store.CommitAsync(Commit(Batch("a")), cancellation.Token);
        var second = store.CommitAsync(Commit(Batch("b")), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _files.Fault = null;
        await store.CommitAsync(Commit(Batch("c")), Cancellation);
        Assert.Equal(["c"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    [Fact]
    public async Task Closing_does_not_wait_for_room()
    {
        var store = await OpenAsync();
        _files.Fault = (name, _) => name == "write" ? new IOException("full", NoSpace) : null;
        var commit = store.CommitAsync(Commit(Batch("a")), Cancellation);
        await store.DisposeAsync();
        var failure = await Assert.ThrowsAsync<LogStoreException>(() => commit);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Failed_write_is_an_error_and_leaves_nothing()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        var length = _files.Length(Segment(1));
        _files.Fault = (name, _) => name == "write" ? new IOException("broken", InputOutput) : null;
        var failure = await Assert.ThrowsAsync<LogStoreException>(() => store.CommitAsync(Commit(Batch("x")), Cancellation));
        Assert.Contains("broken", failure.Message, StringComparison.Ordinal);
        Assert.Equal(length, _files.Length(Segment(1)));

        _files.Fault = null;
        await store.CommitAsync(Commit(Batch("b")), Cancellation);
        Assert.Equal(["a", "b"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    [Fact]
    public async Task Segment_whose_sync_failed_is_never_written_again()
    {
        await using (var store = await OpenAsync())
        {
            await store.CommitAsync(Commit(Batch("a")), Cancellation);
            var failures = 0;
            _files.Fault = (name, path) =>
                name == "sync" && path == Segment(1) && failures++ == 0 ? new IOException("broken", InputOutput) : null;
            await store.CommitAsync(Commit(Batch("b")), Cancellation);
            _files.Operations.Clear();
            await store.CommitAsync(Commit(Batch("c")), Cancellation);
            Assert.Equal(1, failures);
            Assert.Equal(["a", "b", "c"], Lines(((IEmbeddedStore)store).Snapshot()));
        }

        await using var again = await OpenAsync();
        await again.CommitAsync(Commit(Batch("d")), Cancellation);
        Assert.DoesNotContain(_files.Operations, operation => operation is ['w', ..] or ['s', ..] && operation.EndsWith(Segment(1), StringComparison.Ordinal));
        Assert.Equal(["a", "b", "c", "d"], Lines(((IEmbeddedStore)again).Snapshot()));
    }

    [Theory]
    [InlineData(nameof(CatalogStep.Committing), false)]
    [InlineData(nameof(CatalogStep.Committed), true)]
    public async Task Unclear_transaction_is_decided_by_what_the_catalogue_says(string failing, bool stored)
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
        _hook = step =>
        {
            if (step.ToString() == failing)
            {
                _hook = null;
                throw new SqliteException("disk I/O error", 10);
            }
        };
        var commit = store.CommitAsync(Commit(Batch("b"), Move(1, 2)), Cancellation);
        if (stored)
        {
            Assert.Equal(2, (await commit).Commit);
        }
        else
        {
            await Assert.ThrowsAsync<LogStoreException>(() => commit);
        }

        await store.CommitAsync(Commit(Batch("c"), Move(stored ? 2 : 1, 3)), Cancellation);
        Assert.Equal(stored ? ["a", "b", "c"] : ["a", "c"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    [Fact]
    public async Task Transaction_whose_outcome_cannot_be_read_at_once_is_read_before_anything_is_appended()
    {
        await using var store = await OpenAsync();
        await store.CommitAsync(Commit(Batch("a"), Move(null, 1)), Cancellation);
        var failures = 3;
        _hook = step =>
        {
            if (step is CatalogStep.Committed or CatalogStep.ReadingBack && failures-- > 0)
            {
                throw new SqliteException("disk I/O error", 10);
            }
        };
        await Assert.ThrowsAsync<LogStoreException>(() => store.CommitAsync(Commit(Batch("b"), Move(1, 2)), Cancellation));

        Assert.Equal([Position(2)], await store.ReadPositionsAsync(Cancellation));
        await store.CommitAsync(Commit(Batch("c"), Move(2, 3)), Cancellation);
        Assert.Equal(["a", "b", "c"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    [Fact]
    public async Task Encoder_that_fails_costs_its_commit_only()
    {
        await using var store = await OpenAsync();
        var broken = store.CommitAsync(new CommitRequest([null!], [], []), Cancellation);
        await store.CommitAsync(Commit(Batch("a")), Cancellation);
        await Assert.ThrowsAsync<NullReferenceException>(() => broken);
        Assert.Equal(["a"], Lines(((IEmbeddedStore)store).Snapshot()));
    }

    string Segment(int id) => Path.Combine(_directory.Data, $"days/2026-11-21/{id:D8}.seg");

    Task<ILogStore> OpenAsync() => EmbeddedStore.OpenWriterAsync(
        _directory.Data,
        new EmbeddedStoreOptions(new ImpatientClock()) { Files = _files, Codec = new LineCodec(), CatalogHook = step => _hook?.Invoke(step) },
        Cancellation);
}
