using System.Net.Sockets;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Remote;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class RemoteTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    EmbeddedStoreOptions Options { get; } = new(TimeProvider.System) { Codec = new LineCodec() };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Directory_deeper_than_a_socket_path_allows_works_too()
    {
        var deep = Path.Combine([_directory.Path, .. Enumerable.Repeat("a-rather-long-name", 10)]);
        await using var writer = await EmbeddedStore.OpenWriterAsync(deep, Options, Cancellation);
        await using var remote = Assert.IsType<RemoteStore>(await EmbeddedStore.OpenWriterAsync(deep, Options, Cancellation));
        await remote.CommitAsync(Commit(Batch("a")), Cancellation);
        Assert.Equal(["a"], Lines(remote.Snapshot()));
    }

    [Fact]
    public async Task Holder_of_the_lock_that_does_not_answer_is_named()
    {
        Directory.CreateDirectory(_directory.Data);
        using var taken = DirectoryLock.TryTake(_directory.Data);
        Assert.NotNull(taken);
        var failure = await Assert.ThrowsAsync<LogStoreException>(() => EmbeddedStore.OpenWriterAsync(
            _directory.Data, Options with { AnswerTimeout = TimeSpan.FromMilliseconds(300) }, Cancellation));
        Assert.StartsWith(
            $"another process (pid {Environment.ProcessId}) holds {_directory.Data} and does not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_that_accepts_and_says_nothing_does_not_hang_anybody()
    {
        Directory.CreateDirectory(_directory.Data);
        using var taken = DirectoryLock.TryTake(_directory.Data);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory.Data, "puppylog.sock")));
        socket.Listen();
        await Assert.ThrowsAsync<LogStoreException>(() => EmbeddedStore.OpenWriterAsync(
            _directory.Data, Options with { AnswerTimeout = TimeSpan.FromMilliseconds(300) }, Cancellation));
    }

    [Fact]
    public async Task Client_takes_the_writers_place_when_it_goes_and_stores_everything_once()
    {
        var writer = await OpenAsync();
        await using var remote = Assert.IsType<RemoteStore>(await OpenAsync());
        await using var other = Assert.IsType<RemoteStore>(await OpenAsync());
        var commits = new List<Task<CommitReceipt>>();
        for (var i = 0; i < 60; i++)
        {
            commits.Add(remote.CommitAsync(Commit(Batch($"{i}"), Move(i == 0 ? null : i, i + 1)), Cancellation));
            if (i == 30)
            {
                await writer.DisposeAsync();
            }
        }

        var receipts = await Task.WhenAll(commits).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.All(receipts, receipt => Assert.False(receipt.AlreadyStored));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}"), Lines(remote.Snapshot()));
        await other.CommitAsync(Commit(Batch("60")), Cancellation);
        Assert.Equal(61, Lines(other.Snapshot()).Count);
        Assert.Equal([Position(60)], await other.ReadPositionsAsync(Cancellation));
    }

    /// <summary>A client whose answer was lost sends its commit again, to the same writer or to the next one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_that_is_sent_again_is_stored_once_and_answered_as_the_first_time(bool toTheNext)
    {
        using var encoder = new CommitEncoder(Options.Codec);
        async Task<EncodedCommit> EncodeAsync() => await encoder.EncodeAsync(Commit(Batch("a", "b"))) with { RetryKey = "retry:1" };
        var writer = (LocalStore)await OpenAsync();
        try
        {
            var first = await writer.CommitAsync(await EncodeAsync(), Cancellation);
            if (toTheNext)
            {
                await writer.DisposeAsync();
                writer = (LocalStore)await OpenAsync();
            }

            var second = await writer.CommitAsync(await EncodeAsync(), Cancellation);
            Assert.Equal(first, second);
            Assert.Equal((2, false), (second.Records, second.AlreadyStored));
            Assert.Equal(["a", "b"], Lines(writer.Snapshot()));
        }
        finally
        {
            await writer.DisposeAsync();
        }
    }

    [Fact]
    public async Task Trouble_of_the_writer_is_the_clients_too()
    {
        var files = new ModelFileSystem(new Random(1));
        await using var writer = await EmbeddedStore.OpenWriterAsync(
            _directory.Data, Options with { Clock = new ImpatientClock(), Files = files }, Cancellation);
        await using var remote = await OpenAsync();
        files.Fault = (name, _) => name == "write" ? new IOException("full", 28) : null;
        var commit = remote.CommitAsync(Commit(Batch("a")), Cancellation);
        while (remote.Trouble is null)
        {
            Assert.False(commit.IsCompleted);
            await Task.Delay(5, Cancellation);
        }

        Assert.True(remote.IsHindered);
        files.Fault = null;
        await commit;
    }

    [Fact]
    public async Task Trouble_of_the_work_in_the_background_comes_to_the_clients_and_goes_again()
    {
        var files = new ModelFileSystem(new Random(1))
        {
            Fault = (operation, path) => operation == "create" && path.EndsWith(".tmp", StringComparison.Ordinal) ? new IOException("broken", 5) : null,
        };
        await using var writer = await EmbeddedStore.OpenWriterAsync(
            _directory.Data,
            Options with { Clock = new ImpatientClock(), Files = files, SealBlocks = 16, UpkeepInterval = TimeSpan.FromMilliseconds(1) },
            Cancellation);
        await using var remote = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await writer.CommitAsync(Commit(Batch($"{i}")), Cancellation);
        }

        while (remote.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.False(remote.IsHindered);
        Assert.Contains("records are stored all the same", remote.Trouble, StringComparison.Ordinal);
        files.Fault = null;
        while (remote.Trouble is not null)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    [Fact]
    public async Task Cancelling_at_the_client_cancels_at_the_writer()
    {
        var files = new ModelFileSystem(new Random(1));
        await using var writer = await EmbeddedStore.OpenWriterAsync(
            _directory.Data, Options with { Clock = new ImpatientClock(), Files = files }, Cancellation);
        await using var remote = await OpenAsync();
        files.Fault = (name, _) => name == "write" ? new IOException("full", 28) : null;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var commit = remote.CommitAsync(Commit(Batch("a")), cancellation.Token);
        while (remote.Trouble is null)
        {
            await Task.Delay(5, Cancellation);
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        files.Fault = null;
        await writer.CommitAsync(Commit(Batch("b")), Cancellation);
        Assert.Single(((IEmbeddedStore)writer).Snapshot());
    }

    [Fact]
    public async Task Every_writing_process_knows_whether_somebody_follows()
    {
        await using var writer = await OpenAsync();
        await using var remote = await OpenAsync();
        var reader = await EmbeddedStore.OpenReaderAsync(_directory.Data, Options, Cancellation);
        Assert.False(writer.IsWatched || remote.IsWatched);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var commits = reader.WatchAsync(watching.Token).GetAsyncEnumerator(watching.Token);
        var next = commits.MoveNextAsync().AsTask();
        while (!writer.IsWatched || !remote.IsWatched)
        {
            await Task.Delay(5, Cancellation);
        }

        await using (var late = await OpenAsync())
        {
            while (!late.IsWatched)
            {
                await Task.Delay(5, Cancellation);
            }
        }

        await watching.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await commits.DisposeAsync();
        await reader.DisposeAsync();
        while (writer.IsWatched || remote.IsWatched)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    [Fact]
    public async Task Random_bytes_on_the_socket_end_only_their_connection()
    {
        await using var writer = await OpenAsync();
        await using var remote = await OpenAsync();
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await ConnectAsync(socket);
            var bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // A proper greeting, then a message of a known kind whose payload is nonsense.
                byte[] hello = [10, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0];
                byte[] head = [(byte)(10 + bytes.Length), (byte)((10 + bytes.Length) >> 8), 0, 0, 1, (byte)random.Next(1, 7), 9, 0, 0, 0, 0, 0, 0, 0];
                bytes = [.. hello, .. head, .. bytes];
            }

            try
            {
                await socket.SendAsync(bytes, Cancellation);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The writer has hung up already.
            }
        }

        await remote.CommitAsync(Commit(Batch("a")), Cancellation);
        Assert.Equal(["a"], Lines(((IEmbeddedStore)writer).Snapshot()));
    }

    async Task ConnectAsync(Socket socket)
    {
        while (true)
        {
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_directory.Data, "puppylog.sock")), Cancellation);
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
            {
                // More connections wait than the writer's backlog holds.
                await Task.Delay(5, Cancellation);
            }
        }
    }

    Task<ILogStore> OpenAsync() => EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation);
}
