namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// Tells watchers of new commits. It keeps the newest few at hand; whoever is further behind reads the catalogue, so a slow
/// watcher loses nothing and holds no memory. Thread-safe.
/// </summary>
sealed class CommitFeed
{
    const int Kept = 64;

    readonly Lock _gate = new();
    readonly Queue<CommittedBlocks> _recent = [];
    TaskCompletionSource _next = New();
    long _last;
    long _completeAfter;
    int _watchers;
    bool _closed;

    /// <summary>Called when the first watcher comes and when the last one goes; under no lock.</summary>
    public event Action? WatchedChanged;

    public bool IsWatched => Volatile.Read(ref _watchers) > 0;

    /// <summary>The number of the last commit.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Starts anew at a commit: what came before is in the catalogue only.</summary>
    public void Restart(long last)
    {
        lock (_gate)
        {
            _recent.Clear();
            _last = last;
            _completeAfter = last;
            Wake();
        }
    }

    /// <param name="commits">The commits that have blocks, in order.</param>
    /// <param name="last">The number of the last commit, with blocks or without.</param>
    public void Publish(IReadOnlyList<CommittedBlocks> commits, long last)
    {
        lock (_gate)
        {
            foreach (var commit in commits)
            {
                _recent.Enqueue(commit);
                if (_recent.Count > Kept)
                {
                    _completeAfter = _recent.Dequeue().Commit;
                }
            }

            _last = last;
            Wake();
        }
    }

    /// <summary>No more commits will come: watchers end after the last one.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Wake();
        }
    }

    /// <summary>Counts in a watcher until the result is disposed of.</summary>
    public IDisposable Attach()
    {
        if (Interlocked.Increment(ref _watchers) == 1)
        {
            WatchedChanged?.Invoke();
        }

        return new Watcher(this);
    }

    /// <summary>Waits until there are commits after the given one; returns the last one's number, or null where none will come.</summary>
    public async Task<long?> WaitAsync(long after, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_last > after)
                {
                    return _last;
                }

                if (_closed)
                {
                    return null;
                }

                next = _next.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All commits after the given one that have blocks; false where they are not at hand any more.</summary>
    public bool TryTake(long after, out IReadOnlyList<CommittedBlocks> commits, out long last)
    {
        lock (_gate)
        {
            last = _last;
            if (after < _completeAfter)
            {
                commits = [];
                return false;
            }

            commits = [.. _recent.Where(commit => commit.Commit > after)];
            return true;
        }
    }

    static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    void Wake()
    {
        _next.TrySetResult();
        _next = New();
    }

    sealed class Watcher(CommitFeed feed) : IDisposable
    {
        CommitFeed? _feed = feed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _feed, null) is { } feed && Interlocked.Decrement(ref feed._watchers) == 0)
            {
                feed.WatchedChanged?.Invoke();
            }
        }
    }
}
