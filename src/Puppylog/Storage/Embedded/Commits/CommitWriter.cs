using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// Writes commits, one group after the other, on a thread of its own: append to the segments, fsync, one transaction in the
/// catalogue. See README.md for what holds when something fails.
/// </summary>
sealed class CommitWriter : IAsyncDisposable
{
    const int QueueLength = 64;
    const int GroupCommits = 64;
    const int GroupParts = 64;

    /// <summary>Bytes of blocks after which no further commit joins a group.</summary>
    public const long GroupBytes = 64 << 20;

    /// <summary>
    /// Bytes behind the recorded lengths that a crash can leave: twice what one group of commits may have under way, as a
    /// group is written again after a failed fsync; a footer and frame headers come on top.
    /// </summary>
    public static long MostUnrecorded(long inFlight) => (2 * Math.Max(inFlight, GroupBytes)) + (16L << 20);

    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    readonly string _directory;
    readonly TimeProvider _clock;
    readonly CatalogWriter _catalog;
    readonly SegmentSet _segments;
    readonly Func<BlockRow, RecordBlock> _openBlock;
    readonly CommitFeed _feed;
    readonly CancellationTokenSource _closing = new();
    readonly Channel<IPendingWork> _queue =
        Channel.CreateBounded<IPendingWork>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    // Below: the writing thread only.
    readonly FrameAppender _frames;
    Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    long _lastCommit;
    long _inFlight;
    bool _unsettled;
    Task _running = Task.CompletedTask;
    volatile string? _trouble;
    volatile bool _isStoring;

    public CommitWriter(
        string directory,
        TimeProvider clock,
        CatalogWriter catalog,
        SegmentSet segments,
        Func<BlockRow, RecordBlock> openBlock,
        CommitFeed feed)
    {
        _directory = directory;
        _clock = clock;
        _catalog = catalog;
        _segments = segments;
        _openBlock = openBlock;
        _feed = feed;
        _frames = new FrameAppender(segments);
        ReadBack();
        _feed.Restart(_lastCommit);
    }

    public string? Trouble => _trouble;

    /// <summary>True while commits wait or are being stored.</summary>
    public bool IsBusy => _isStoring || _queue.Reader.Count > 0;

    /// <summary>Called with the new <see cref="Trouble"/> when it changes.</summary>
    public event Action<string?>? TroubleChanged;

    public void Start() =>
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async Task<CommitReceipt> CommitAsync(Task<EncodedCommit> encoding, CancellationToken cancellationToken)
    {
        var pending = new PendingCommit(encoding, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            if (pending.TryClaim())
            {
                await ((Task)encoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pending.Fail(e is ChannelClosedException ? new LogStoreException("the store is being closed") : e);
            }
        }

        return await pending.Outcome.ConfigureAwait(false);
    }

    /// <summary>
    /// Lets the writing thread do something between commits. Where it throws, the outcome of its transaction is read back
    /// before anything else is written.
    /// </summary>
    /// <exception cref="LogStoreException">The store is being closed, or its directory is gone.</exception>
    public async Task<T> ChangeAsync<T>(Func<CatalogWriter, SegmentSet, T> work, CancellationToken cancellationToken)
    {
        var change = new PendingWork<T>(work, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(change, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new LogStoreException("the store is being closed", e);
        }

        return await change.Outcome.ConfigureAwait(false);
    }

    /// <summary>Ends when every commit that was taken has its outcome; a full disk is not waited for any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _segments.Dispose();
        _closing.Dispose();
    }

    void Run()
    {
        var group = new List<PendingCommit>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            Gather(group);
            if (group.Count > 0)
            {
                _isStoring = true;
                Store(group);
                _isStoring = false;
            }
            else if (_queue.Reader.TryPeek(out var next) && next is PendingChange && _queue.Reader.TryRead(out next))
            {
                Change((PendingChange)next);
            }
        }
    }

    void Change(PendingChange change)
    {
        if (!change.TryClaim())
        {
            return;
        }

        try
        {
            if (!DirectoryLock.IsOurs(_directory))
            {
                throw Gone();
            }

            Settle();
        }
        catch (Exception e) when (e is IOException or SqliteException or UnauthorizedAccessException or LogStoreException)
        {
            change.Fail(e);
            return;
        }

        if (!change.Run(_catalog, _segments))
        {
            _unsettled = true;
            TrySettle();
        }
    }

    LogStoreException Gone() => new($"the data directory {_directory} was removed or replaced while it was written to; start again");

    /// <summary>Takes the next commit, and those behind it that are encoded already.</summary>
    void Gather(List<PendingCommit> group)
    {
        var (bytes, parts) = (0L, 0);
        while (group.Count < GroupCommits && bytes < GroupBytes && parts < GroupParts && _queue.Reader.TryPeek(out var first))
        {
            if (first is not PendingCommit next || (group.Count > 0 && !next.Encoding.IsCompleted))
            {
                return;
            }

            if (!_queue.Reader.TryRead(out _) || !next.TryClaim())
            {
                continue;
            }

            try
            {
                var encoded = next.Encoding.GetAwaiter().GetResult();
                group.Add(next);
                bytes += encoded.Bytes;
                parts += encoded.Parts.Count;
            }
            catch (Exception e)
            {
                next.Fail(e);
            }
        }
    }

    /// <summary>Stores a group or answers it with the reason; waits while the disk is full.</summary>
    void Store(List<PendingCommit> group)
    {
        StoreOrFail(group);
        SetTrouble(null);
    }

    void StoreOrFail(List<PendingCommit> group)
    {
        if (!DirectoryLock.IsOurs(_directory))
        {
            // Files that nobody can open any more would take it all.
            FailAll(group, Gone());
            return;
        }

        var syncFailures = 0;
        while (group.Count > 0)
        {
            try
            {
                Settle();
                StoreOnce(group);
                return;
            }
            catch (Exception e) when (DiskErrors.IsDiskFull(e))
            {
                TrySettle();
                SetTrouble($"the disk that holds {_directory} is full; intake waits until there is room");
                if (!WaitForRoom(group))
                {
                    FailAll(group, new LogStoreException($"not stored: the disk that holds {_directory} is full", e) { IsTransient = true });
                    return;
                }
            }
            catch (SegmentSyncException) when (++syncFailures == 1)
            {
                TrySettle();
            }
            catch (Exception e)
            {
                _unsettled = true;
                TrySettle();
                FailAll(group, e as LogStoreException ?? new LogStoreException($"cannot store into {_directory}: {e.Message}", e));
                return;
            }
        }
    }

    void StoreOnce(List<PendingCommit> group)
    {
        var plan = new CommitPlan(group, _lastCommit, _positions, _catalog.FindKey);
        if (plan.Writes.Count > 0)
        {
            // From here on a failure leaves something to be cut back.
            _unsettled = true;
            var bytes = plan.Writes.Sum(write => write.Commit.Bytes);
            if (bytes > _inFlight)
            {
                _catalog.RaiseInFlight(bytes);
                _inFlight = bytes;
            }

            var blocks = _frames.Append(plan);
            Seal(blocks);
            _segments.Sync();
            Record(new(plan.LastCommit, _segments.Changes(), blocks, plan.Positions, [.. plan.Keys], Timestamps.Now(_clock)));
            _segments.Accept();
            _unsettled = false;
            _lastCommit = plan.LastCommit;
            foreach (var (source, position) in plan.Moved)
            {
                _positions[source] = position;
            }

            _feed.Publish(CommitGrouping.ByCommit([.. blocks.Select(block => (block.Frame.Commit, _openBlock(block)))]), _lastCommit);
        }

        plan.Answer();
    }

    void Seal(List<BlockRow> blocks)
    {
        foreach (var segment in _segments.DueForSealing())
        {
            var frames = _catalog.Frames(segment.Id);
            frames.AddRange(blocks.Where(block => block.Segment == segment.Id).Select(block => block.Frame));
            _segments.Seal(segment, frames);
        }
    }

    /// <summary>The moment of truth. Where its outcome is unclear, what the catalogue says decides.</summary>
    void Record(CatalogChange change)
    {
        try
        {
            _catalog.Apply(change);
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            _catalog.Reopen();
            if (_catalog.LastCommit() < change.LastCommit)
            {
                throw;
            }
        }
    }

    /// <summary>After a failure: learns what is recorded and cuts the segments back to it, before anything is appended.</summary>
    void Settle()
    {
        if (!_unsettled)
        {
            return;
        }

        var before = _lastCommit;
        _catalog.Reopen();
        ReadBack();
        _segments.CutBack(_catalog.FindSegment);
        if (_lastCommit != before)
        {
            _feed.Restart(_lastCommit);
        }

        _unsettled = false;
    }

    void TrySettle()
    {
        try
        {
            Settle();
        }
        catch (Exception e) when (e is IOException or SqliteException or UnauthorizedAccessException or LogStoreException)
        {
            // Still unsettled: tried again before anything is written.
        }
    }

    void ReadBack()
    {
        _lastCommit = _catalog.LastCommit();
        _inFlight = _catalog.InFlight();
        _positions = _catalog.Positions().ToDictionary(position => position.Source, StringComparer.Ordinal);
    }

    /// <summary>Waits a moment; false where the store is being closed. Commits cancelled meanwhile leave the group.</summary>
    bool WaitForRoom(List<PendingCommit> group)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource([_closing.Token, .. group.Select(pending => pending.Cancellation)]);
        Task.Delay(RetryInterval, _clock, wake.Token).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        foreach (var pending in group.Where(pending => pending.Cancellation.IsCancellationRequested).ToList())
        {
            group.Remove(pending);
            pending.Cancel();
        }

        return !_closing.IsCancellationRequested;
    }

    void SetTrouble(string? trouble)
    {
        if (_trouble != trouble)
        {
            _trouble = trouble;
            TroubleChanged?.Invoke(trouble);
        }
    }

    static void FailAll(List<PendingCommit> group, Exception error)
    {
        foreach (var pending in group)
        {
            pending.Fail(error);
        }
    }
}
