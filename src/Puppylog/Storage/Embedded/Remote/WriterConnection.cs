using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>One process that talks to the writer. Whatever it sends, only its own connection can end by it.</summary>
sealed class WriterConnection(LocalStore store, Stream stream) : IAsyncDisposable
{
    /// <summary>Commits under way per connection; beyond them nothing more is read.</summary>
    const int MaxCommits = 64;

    static readonly TimeSpan BarrierTimeout = TimeSpan.FromSeconds(1);

    readonly MessageStream _messages = new(stream);

    // Commits and compactions, by the number of their message.
    readonly ConcurrentDictionary<long, CancellationTokenSource> _underWay = [];
    readonly SemaphoreSlim _slots = new(MaxCommits);

    /// <summary>Ends with the connection; never throws.</summary>
    public async Task RunAsync(CancellationToken closing)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(closing);
        var pushing = Task.CompletedTask;
        void PushTrouble()
        {
            var target = new ArrayBufferWriter<byte>();
            WriteTrouble(new FixedWriter(target), store.Trouble);
            _ = TrySendAsync(MessageKind.Trouble, 0, target.WrittenMemory);
        }

        void PushWatched() => _ = TrySendAsync(MessageKind.Watched, 0, new[] { store.IsWatched ? (byte)1 : (byte)0 });
        try
        {
            var greeted = await GreetAsync(ending.Token).ConfigureAwait(false);
            store.TroubleChanged += PushTrouble;
            store.Feed.WatchedChanged += PushWatched;
            if (store.IsWatched)
            {
                PushWatched();
            }

            if (store.Trouble != greeted)
            {
                PushTrouble();
            }

            while (true)
            {
                var message = await _messages.ReadAsync(ending.Token).ConfigureAwait(false);
                if (message.Kind == MessageKind.Commit)
                {
                    await TakeCommitAsync(message, ending.Token).ConfigureAwait(false);
                    continue;
                }

                using (message)
                {
                    if (message.Kind == MessageKind.Watch && pushing.IsCompleted)
                    {
                        pushing = PushCommitsAsync(message.Id, ending.Token);
                    }
                    else
                    {
                        await HandleAsync(message, ending.Token).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has gone, or talks nonsense: either way the connection ends.
        }
        finally
        {
            store.TroubleChanged -= PushTrouble;
            store.Feed.WatchedChanged -= PushWatched;
            await ending.CancelAsync().ConfigureAwait(false);
            await DisposeAsync().ConfigureAwait(false);
            await pushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => _messages.DisposeAsync();

    /// <summary>Returns the trouble that was told.</summary>
    async Task<string?> GreetAsync(CancellationToken cancellationToken)
    {
        using var hello = await _messages.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (hello.Kind != MessageKind.Hello)
        {
            throw new FormatException("the first message is no greeting");
        }

        var target = new ArrayBufferWriter<byte>();
        var writer = new FixedWriter(target);
        writer.Int64(store.Feed.Last);
        var trouble = store.Trouble;
        WriteTrouble(writer, trouble);
        await _messages.SendAsync(MessageKind.Welcome, hello.Id, target.WrittenMemory, cancellationToken).ConfigureAwait(false);
        return trouble;
    }

    async Task HandleAsync(Message message, CancellationToken cancellationToken)
    {
        switch (message.Kind)
        {
            case MessageKind.ReadPositions:
                await SendPositionsAsync(message.Id, cancellationToken).ConfigureAwait(false);
                break;
            case MessageKind.Compact:
                var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                _underWay[message.Id] = cancellation;
                _ = AnswerCompactionAsync(message.Id, cancellation);
                break;
            case MessageKind.SetRetention:
                _ = AnswerRetentionAsync(message.Id, UpkeepMessage.ReadChange(message), cancellationToken);
                break;
            case MessageKind.Cancel:
                if (_underWay.TryGetValue(message.Id, out var cancelled))
                {
                    await cancelled.CancelAsync().ConfigureAwait(false);
                }

                break;
            default:
                throw new FormatException($"an unknown message {message.Kind}");
        }
    }

    async Task TakeCommitAsync(Message message, CancellationToken cancellationToken)
    {
        EncodedCommit commit;
        try
        {
            commit = CommitMessage.Read(message);
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            message.Dispose();
            throw;
        }

        // Not awaited: several are under way. The call itself fixes their order. A client that has gone takes back what waits.
        var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _underWay[message.Id] = cancellation;
        _ = AnswerAsync(message.Id, commit, store.CommitAsync(commit, cancellation.Token), cancellation);
    }

    async Task AnswerAsync(long id, EncodedCommit commit, Task<CommitReceipt> committing, CancellationTokenSource cancellation)
    {
        try
        {
            var receipt = await committing.ConfigureAwait(false);
            var target = new ArrayBufferWriter<byte>();
            var writer = new FixedWriter(target);
            writer.Int64(receipt.Commit);
            writer.Int64(receipt.Records);
            writer.Byte(receipt.AlreadyStored ? (byte)1 : (byte)0);
            await TrySendAsync(MessageKind.Receipt, id, target.WrittenMemory).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await TrySendAsync(MessageKind.Failure, id, FailureMessage.Write(e, commit.Positions)).ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(id, out _);
            cancellation.Dispose();
            _slots.Release();
        }
    }

    async Task AnswerCompactionAsync(long id, CancellationTokenSource cancellation)
    {
        try
        {
            var report = await store.CompactAsync(
                new CompactionNews(news => _ = TrySendAsync(MessageKind.CompactionProgress, id, UpkeepMessage.Write(news))), cancellation.Token)
                .ConfigureAwait(false);
            await TrySendAsync(MessageKind.Compacted, id, UpkeepMessage.Write(report)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await TrySendAsync(MessageKind.Failure, id, FailureMessage.Write(e, [])).ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(id, out _);
            cancellation.Dispose();
        }
    }

    async Task AnswerRetentionAsync(long id, RetentionChange change, CancellationToken cancellationToken)
    {
        try
        {
            var policy = await store.SetRetentionAsync(change, cancellationToken).ConfigureAwait(false);
            await TrySendAsync(MessageKind.Retention, id, UpkeepMessage.Write(policy)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await TrySendAsync(MessageKind.Failure, id, FailureMessage.Write(e, [])).ConfigureAwait(false);
        }
    }

    async Task SendPositionsAsync(long id, CancellationToken cancellationToken)
    {
        // What an earlier connection of the same collector has left under way must not move them afterwards.
        using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            timeout.CancelAfter(BarrierTimeout);
            Task barrier = store.CommitAsync(new EncodedCommit([], [], []), timeout.Token);
            await barrier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var positions = await store.ReadPositionsAsync(cancellationToken).ConfigureAwait(false);
        var target = new ArrayBufferWriter<byte>();
        var writer = new FixedWriter(target);
        writer.Int32(positions.Count);
        foreach (var position in positions)
        {
            CommitMetadata.WritePosition(writer, position);
        }

        await _messages.SendAsync(MessageKind.Positions, id, target.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    async Task PushCommitsAsync(long id, CancellationToken cancellationToken)
    {
        using var watcher = store.Feed.Attach();
        var after = store.Feed.Last - 1;
        while (await store.Feed.WaitAsync(after, cancellationToken).ConfigureAwait(false) is { } last)
        {
            var target = new ArrayBufferWriter<byte>();
            new FixedWriter(target).Int64(last);
            await _messages.SendAsync(MessageKind.Committed, id, target.WrittenMemory, cancellationToken).ConfigureAwait(false);
            after = last;
        }
    }

    async Task TrySendAsync(MessageKind kind, long id, ReadOnlyMemory<byte> payload)
    {
        try
        {
            await _messages.SendAsync(kind, id, payload, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Nobody is there to hear it.
        }
    }

    /// <summary>A text, empty for none, and whether records are not stored because of it.</summary>
    void WriteTrouble(FixedWriter writer, string? trouble)
    {
        writer.Text(trouble ?? "");
        writer.Byte(store.IsHindered ? (byte)1 : (byte)0);
    }
}
