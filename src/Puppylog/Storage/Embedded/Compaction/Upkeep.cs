using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>
/// The work in the background of the writing process: drops what retention says, deletes files that nobody needs, seals
/// segments that have become quiet, compacts. One thing at a time, on a thread of low priority.
/// </summary>
sealed class Upkeep : IStoreUpkeep, IAsyncDisposable
{
    /// <summary>After a failure nothing is tried for so long.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    readonly string _directory;
    readonly EmbeddedStoreOptions _options;
    readonly CommitWriter _writer;
    readonly CatalogReader _catalog;
    readonly Compactor _compactor;
    readonly RetentionKeeper _retention;
    readonly Leavings _leavings;
    readonly CancellationTokenSource _closing = new();
    readonly SemaphoreSlim _working = new(1);
    readonly Action _removed;
    Task _running = Task.CompletedTask;
    volatile TaskCompletionSource _sealed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile string? _failure;

    /// <param name="directory">The data directory.</param>
    /// <param name="options">What to work with.</param>
    /// <param name="writer">The store's writer.</param>
    /// <param name="removed">Called now and then, when files may have been deleted.</param>
    public Upkeep(string directory, EmbeddedStoreOptions options, CommitWriter writer, Action removed)
    {
        (_directory, _options, _writer, _removed) = (directory, options, writer, removed);
        _catalog = CatalogReader.Open(directory);
        _compactor = new Compactor(directory, options, writer, _catalog);
        _retention = new RetentionKeeper(directory, options, writer, _catalog);
        _leavings = new Leavings(directory, options.Files);
        writer.SegmentSealed += () => _sealed.TrySetResult();
    }

    /// <summary>Why the work in the background does not get on, as one sentence for people; null when all is well.</summary>
    public string? Trouble => _failure ?? (_compactor.LastFailure is { } failure
        ? $"compaction leaves segments of {_directory} as they are: {failure}; 'puppylog store verify' says more"
        : null);

    /// <summary>Called when <see cref="Trouble"/> may have changed.</summary>
    public event Action? TroubleChanged;

    public void Start()
    {
        if (_options.UpkeepInterval != Timeout.InfiniteTimeSpan)
        {
            _running = RunAsync();
        }
    }

    public Task<CompactionReport> CompactAsync(IProgress<CompactionProgress>? progress, CancellationToken cancellationToken) =>
        WorkAsync(cancellation => Compact(everything: true, progress, cancellation), cancellationToken);

    public async Task<RetentionPolicy> SetRetentionAsync(RetentionChange change, CancellationToken cancellationToken)
    {
        try
        {
            return await _retention.SetAsync(change, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>All that is due now, as the background would do it.</summary>
    /// <exception cref="LogStoreException">Something failed; the message says why.</exception>
    public Task<CompactionReport> TendAsync(CancellationToken cancellationToken) => WorkAsync(
        cancellation =>
        {
            DeleteLeavings(cancellation);
            _removed();
            _retention.Keep(cancellation);
            return Compact(everything: false, null, cancellation);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _working.WaitAsync().ConfigureAwait(false);
        _catalog.Dispose();
        _closing.Dispose();
    }

    async Task RunAsync()
    {
        while (true)
        {
            await WaitAsync().ConfigureAwait(false);
            try
            {
                var before = Trouble;
                await TendAsync(_closing.Token).ConfigureAwait(false);
                _failure = null;
                if (Trouble != before)
                {
                    TroubleChanged?.Invoke();
                }
            }
            catch (Exception e) when (!_closing.IsCancellationRequested)
            {
                // What is left over is a leaving. On a full disk the writer finds out for itself whether records have room.
                var stored = e is LogStoreException { IsTransient: true } ? "tidying up" : "records are stored all the same, and it";
                _failure = $"{e.Message}; {stored} is tried again in {Rest.TotalMinutes:0} minutes";
                TroubleChanged?.Invoke();
                await Task.Delay(Rest, _options.Clock, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Until a segment is full of blocks that may have to be joined, or it is time for the rest.</summary>
    async Task WaitAsync()
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        await Task.WhenAny(Task.Delay(_options.UpkeepInterval, _options.Clock, waiting.Token), _sealed.Task).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        _closing.Token.ThrowIfCancellationRequested();
        _sealed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    async Task<CompactionReport> WorkAsync(Func<CancellationToken, CompactionReport> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, cancellationToken);
        await _working.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(
                () =>
                {
                    PosixCalls.LowerPriority();
                    return work(either.Token);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception e) when (IsExpected(e))
        {
            throw Explain(e);
        }
        finally
        {
            _working.Release();
        }
    }

    CompactionReport Compact(bool everything, IProgress<CompactionProgress>? progress, CancellationToken cancellation)
    {
        var segments = _catalog.Summaries();
        if (Seal(CompactionPolicy.WorthSealing(segments, Now(), _options.QuietAfter, everything), cancellation))
        {
            segments = _catalog.Summaries();
        }

        var jobs = CompactionPolicy.Plan(segments, Now(), _options.SealLength, everything, _compactor.IsBarred, _options.SealBlocks);
        var (done, all) = (0, jobs.Sum(job => job.Segments.Count));
        var (bytesDone, bytes) = (0L, jobs.Sum(job => job.Bytes));
        var total = default(CompactionReport);
        try
        {
            foreach (var job in jobs)
            {
                progress?.Report(new(done, all, bytesDone, bytes));
                total += _compactor.Run(job, new Pace(_writer, _options.Clock, everything ? 0 : _options.CompactionRate, cancellation), cancellation);
                (done, bytesDone) = (done + job.Segments.Count, bytesDone + job.Bytes);
            }

            progress?.Report(new(done, all, bytesDone, bytes));
        }
        finally
        {
            if (!_closing.IsCancellationRequested)
            {
                // Also of what was cancelled or has failed.
                DeleteLeavings(_closing.Token);
            }
        }

        return total;
    }

    bool Seal(IEnumerable<long> worth, CancellationToken cancellation)
    {
        var meant = worth.ToHashSet();
        return meant.Count > 0
            && _writer.ChangeAsync((catalog, segments) => OpenSegments.Seal(catalog, segments, meant.Contains), cancellation).GetAwaiter().GetResult() > 0;
    }

    void DeleteLeavings(CancellationToken cancellation)
    {
        var due = Leavings.Due(_catalog.Leavings(), Now(), _options.LeavingDelay);
        if (due.Count > 0)
        {
            var folders = _leavings.Delete(due);
            var change = new UpkeepChange(Now()) { Deleted = [.. due.Select(leaving => leaving.Segment)] };
            _writer.ChangeAsync(
                (catalog, segments) =>
                {
                    // By the thread that makes them.
                    segments.RemoveEmpty(folders);
                    catalog.Apply(change);
                    return true;
                },
                cancellation).GetAwaiter().GetResult();
        }
    }

    long Now() => Timestamps.Now(_options.Clock);

    static bool IsExpected(Exception e) => e is IOException or SegmentSyncException or SqliteException or UnauthorizedAccessException;

    LogStoreException Explain(Exception e) => new(
        DiskErrors.IsDiskFull(e) ? $"the disk that holds {_directory} is full" : $"cannot tidy up {_directory}: {e.Message}", e)
    { IsTransient = DiskErrors.IsDiskFull(e) };
}
