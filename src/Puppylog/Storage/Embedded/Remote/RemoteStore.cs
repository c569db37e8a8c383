using System.Threading.Channels;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Reading;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>
/// Writes through the process that has the store open. Encoding is done here, so its CPU time is the collector's own. When
/// that process goes away this one takes its place, or finds who has, and sends what was not answered again: the retry key
/// of each commit keeps it from being stored twice.
/// </summary>
sealed class RemoteStore : ILogStore, IEmbeddedStore, IEncodedIntake, IStoreUpkeep
{
    const int MaxUnanswered = 16;

    readonly Func<CancellationToken, Task<ICommitTarget>> _openTarget;
    readonly StoreReader _reader;
    readonly CommitWatcher _watcher;
    readonly CommitEncoder _encoder;
    readonly Channel<PendingCommit> _queue = Channel.CreateBounded<PendingCommit>(
        new BoundedChannelOptions(MaxUnanswered) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    readonly SemaphoreSlim _slots = new(MaxUnanswered);
    readonly CancellationTokenSource _closing = new();

    /// <summary>Held while commits are handed to the target or the target is replaced: it keeps their order.</summary>
    readonly SemaphoreSlim _switching = new(1);

    // In the order of the calls; under _switching or its own lock.
    readonly List<SentCommit> _unanswered = [];
    readonly Task _sending;
    volatile ICommitTarget _target;
    int _disposed;

    /// <param name="directory">The data directory.</param>
    /// <param name="options">What to work with.</param>
    /// <param name="target">The way to the writer.</param>
    /// <param name="openTarget">Finds another way when that one breaks.</param>
    public RemoteStore(
        string directory, EmbeddedStoreOptions options, ICommitTarget target, Func<CancellationToken, Task<ICommitTarget>> openTarget)
    {
        _target = target;
        _openTarget = openTarget;
        _reader = new StoreReader(directory, options);
        _watcher = new CommitWatcher(directory, options, _reader);
        _encoder = new CommitEncoder(options.Codec);
        _sending = SendAsync();
    }

    public string? Trouble => _target.Trouble;

    public bool IsHindered => _target.IsHindered;

    public bool IsWatched => _target.IsWatched;

    public async ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken) =>
        await AskAsync(target => target.ReadPositionsAsync(cancellationToken).AsTask()).ConfigureAwait(false);

    public Task<CommitReceipt> CommitAsync(CommitRequest request, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(_encoder.EncodeAsync(request), cancellationToken));

    public Task<CommitReceipt> CommitAsync(EncodedCommit commit, CancellationToken cancellationToken) =>
        CommitAsync(new PendingCommit(Task.FromResult(commit), cancellationToken));

    async Task<CommitReceipt> CommitAsync(PendingCommit pending)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, pending.Cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            if (pending.TryClaim())
            {
                await ((Task)pending.Encoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pending.Fail(e is ChannelClosedException ? new LogStoreException("the store is being closed") : e);
            }
        }

        return await pending.Outcome.ConfigureAwait(false);
    }

    public Task<long> QueryAsync(LogQuery query, IResultSink sink, CancellationToken cancellationToken) =>
        _reader.QueryAsync(query, sink, cancellationToken);

    public IAsyncEnumerable<CommittedBlocks> WatchAsync(CancellationToken cancellationToken) =>
        _reader.WatchAsync(_watcher.Feed, _watcher.Start(), cancellationToken);

    public Task<CompactionReport> CompactAsync(IProgress<CompactionProgress>? progress, CancellationToken cancellationToken) =>
        AskAsync(target => target.CompactAsync(progress, cancellationToken));

    public Task<RetentionPolicy> SetRetentionAsync(RetentionChange change, CancellationToken cancellationToken) =>
        AskAsync(target => target.SetRetentionAsync(change, cancellationToken));

    public EmbeddedStoreStatus ReadStatus() => _reader.Status();

    public CommitReceipt? FindStored(string key) => _reader.FindStored(key);

    public IReadOnlyList<RecordBlock> Snapshot() => _reader.Snapshot(long.MinValue, long.MaxValue);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _queue.Writer.TryComplete();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var i = 0; i < MaxUnanswered; i++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _target.DisposeAsync().ConfigureAwait(false);
        await _watcher.DisposeAsync().ConfigureAwait(false);
        _encoder.Dispose();
        _reader.Dispose();
        _closing.Dispose();
    }

    async Task SendAsync()
    {
        await foreach (var pending in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!pending.TryClaim())
            {
                continue;
            }

            EncodedCommit commit;
            try
            {
                commit = await pending.Encoding.ConfigureAwait(false);
            }
            catch (Exception e)
            {
                pending.Fail(e);
                continue;
            }

            await _slots.WaitAsync().ConfigureAwait(false);
            await _switching.WaitAsync().ConfigureAwait(false);
            try
            {
                var sent = new SentCommit(pending, commit with { RetryKey = commit.RetryKey ?? $"retry:{Guid.NewGuid():N}" });
                lock (_unanswered)
                {
                    _unanswered.Add(sent);
                }

                HandOver(sent);
            }
            finally
            {
                _switching.Release();
            }
        }
    }

    // The target takes commits in the order of these calls, and answers when it has stored them.
    void HandOver(SentCommit sent)
    {
        var target = _target;
        _ = AnswerAsync(sent, target, target.CommitAsync(sent.Commit, sent.Pending.Cancellation));
    }

    async Task AnswerAsync(SentCommit sent, ICommitTarget target, Task<CommitReceipt> committing)
    {
        try
        {
            var receipt = await committing.ConfigureAwait(false);
            Answer(sent, pending => pending.Succeed(receipt));
        }
        catch (WriterGoneException)
        {
            await ReplaceAsync(target, evenIfIdle: false).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (sent.Pending.Cancellation.IsCancellationRequested)
        {
            Answer(sent, pending => pending.Cancel());
        }
        catch (OperationCanceledException)
        {
            // The writer takes back what waits when it closes the connection: as good as gone.
            await target.DisposeAsync().ConfigureAwait(false);
            await ReplaceAsync(target, evenIfIdle: false).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Answer(sent, pending => pending.Fail(e));
        }
    }

    void Answer(SentCommit sent, Action<PendingCommit> answer)
    {
        bool first;
        lock (_unanswered)
        {
            first = _unanswered.Remove(sent);
        }

        if (first)
        {
            answer(sent.Pending);
            _slots.Release();
        }
    }

    /// <summary>Replaces a broken target and hands the unanswered commits to the new one; without one they fail.</summary>
    async Task ReplaceAsync(ICommitTarget broken, bool evenIfIdle)
    {
        await _switching.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!ReferenceEquals(_target, broken) || (Unanswered().Count == 0 && !evenIfIdle))
            {
                return;
            }

            await broken.DisposeAsync().ConfigureAwait(false);
            try
            {
                _target = await _openTarget(_closing.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is LogStoreException or OperationCanceledException)
            {
                foreach (var sent in Unanswered())
                {
                    Answer(sent, pending => pending.Fail(e));
                }

                return;
            }

            foreach (var sent in Unanswered())
            {
                HandOver(sent);
            }
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Asks who writes; where that process is gone, whoever has taken its place.</summary>
    async Task<T> AskAsync<T>(Func<ICommitTarget, Task<T>> ask)
    {
        var target = _target;
        try
        {
            return await ask(target).ConfigureAwait(false);
        }
        catch (WriterGoneException)
        {
            await ReplaceAsync(target, evenIfIdle: true).ConfigureAwait(false);
        }

        try
        {
            return await ask(_target).ConfigureAwait(false);
        }
        catch (WriterGoneException e)
        {
            throw new LogStoreException($"{e.Message}, and nobody has taken its place", e) { IsTransient = true };
        }
    }

    List<SentCommit> Unanswered()
    {
        lock (_unanswered)
        {
            return [.. _unanswered];
        }
    }
}
