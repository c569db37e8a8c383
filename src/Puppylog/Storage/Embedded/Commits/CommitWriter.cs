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
    readonly RecordedState _recorded;
    readonly CommitFaults _faults;
    Task _running = Task.CompletedTask;
    volatile bool _isStoring;

    public CommitWriter(
        string directory,
        TimeProvider clock,
        CatalogWriter catalog,
        SegmentSet segments,
        Func<BlockRow, RecordBlock> openBlock,
        CommitFeed feed)
    {
        _clock = clock;
        _catalog = catalog;
        _segments = segments;
        _openBlock = openBlock;
        _feed = feed;
        _frames = new FrameAppender(segments);
        _recorded = new RecordedState(catalog, segments, feed);
        _faults = new CommitFaults(directory, clock, _recorded, _closing.Token);
    }

    /// <summary>Counts for metrics; null where nobody does.</summary>
    public IMetricEngine? Metrics { get; init; }

    /// <summary>Hears of commits; set before <see cref="Start"/>.</summary>
    public ICommitFollower? Follower { get; set; }

    public IBlockCodec Codec { get; init; } = BlockCodec.Instance;

    /// <summary>Measures commits; null where nobody asks.</summary>
    public CommitMeter? Meter { get; init; }

    /// <summary>Columns that metrics read of every block; null where there is no metric. Read by other threads.</summary>
    public IReadOnlySet<string>? MetricFields { get; private set; }

    public string? Trouble => _faults.Trouble;

    /// <summary>True while commits wait or are being stored.</summary>
    public bool IsBusy => _isStoring || _queue.Reader.Count > 0;

    /// <summary>Called when <see cref="Trouble"/> has changed.</summary>
    public event Action? TroubleChanged
    {
        add => _faults.TroubleChanged += value;
        remove => _faults.TroubleChanged -= value;
    }

    /// <summary>Called when commits have filled a segment: on the writing thread, so whoever hears it may not take long.</summary>
    public event Action? SegmentSealed;

    public void Start() =>
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public async Task<CommitReceipt> CommitAsync(Task<EncodedCommit> encoding, CancellationToken cancellationToken)
    {
        var begin = _clock.GetTimestamp();
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

        try
        {
            var receipt = await pending.Outcome.ConfigureAwait(false);
            Meter?.Add(receipt, _clock.GetElapsedTime(begin));
            return receipt;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Meter?.AddFailed();
            throw;
        }
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
                _faults.Store(group, StoreOnce);
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
            _faults.RefuseForeign();
            _recorded.Settle();
        }
        catch (Exception e) when (e is IOException or SqliteException or UnauthorizedAccessException or LogStoreException)
        {
            change.Fail(e);
            return;
        }

        if (!change.Run(_catalog, _segments))
        {
            _recorded.Doubt();
            _recorded.TrySettle();
        }
    }

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

    void StoreOnce(List<PendingCommit> group)
    {
        var plan = new CommitPlan(group, _recorded.LastCommit, _recorded.Positions, _catalog.FindKey);
        if (plan.Writes.Count > 0)
        {
            // From here on a failure leaves something to be cut back.
            _recorded.Doubt();
            _recorded.RaiseInFlight(plan.Writes.Sum(write => write.Commit.Bytes));
            var blocks = _frames.Append(plan);
            var hasSealed = Seal(blocks);
            _segments.Sync();
            var tally = Tally(plan);
            _recorded.Record(new(plan.LastCommit, _segments.Changes(), blocks, plan.Positions, [.. plan.Keys], Timestamps.Now(_clock)) { Tally = tally });
            Follower?.Committed(new(
                plan.Writes[0].Number, plan.LastCommit, tally?.Counts ?? [], CommitTimes.Newest(plan.Writes.SelectMany(write => write.Commit.Parts), Codec, Timestamps.Now(_clock))));
            _feed.Publish(CommitGrouping.ByCommit([.. blocks.Select(block => (block.Frame.Commit, _openBlock(block)))]), plan.LastCommit);
            if (hasSealed)
            {
                SegmentSealed?.Invoke();
            }
        }

        plan.Answer();
    }

    CommitTally? Tally(CommitPlan plan)
    {
        if (Metrics is null)
        {
            return null;
        }

        var tally = new CommitTally(Metrics, Codec, [.. plan.Writes.Select(write => write.Commit)]);
        var (revision, metrics) = _catalog.Metrics();
        tally.Count(revision, metrics);
        MetricFields = metrics.Count == 0 ? null : Metrics.Fields(metrics);
        return tally;
    }

    bool Seal(List<BlockRow> blocks)
    {
        var due = _segments.DueForSealing();
        foreach (var segment in due)
        {
            var frames = _catalog.Frames(segment.Id);
            frames.AddRange(blocks.Where(block => block.Segment == segment.Id).Select(block => block.Frame));
            _segments.Seal(segment, frames);
        }

        return due.Count > 0;
    }
}
