using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>
/// Commits under way, in order. Positions chain: each commit starts from where the one before it leads. Taking in more waits
/// while <paramref name="most"/> are under way, which is what bounds the collector's memory. Safe for several lanes.
/// </summary>
/// <param name="most">One that the store encodes and one that waits for it; each lane fills a further one.</param>
sealed class CommitQueue(ILogStore store, int most, ICollectReport report, CollectCounters counters, TimeProvider clock) : IDisposable
{

    /// <summary>How often a commit that takes long is asked for the reason.</summary>
    static readonly TimeSpan TroubleInterval = TimeSpan.FromMilliseconds(500);

    readonly Queue<(Task<CommitReceipt> Task, PendingCommit Pending)> _inFlight = new();
    readonly Dictionary<string, SourcePosition> _stored = new(StringComparer.Ordinal);
    // Held by the lane that submits or takes note; all below is used by it alone.
    readonly SemaphoreSlim _turn = new(1);
    string? _trouble;
    bool _isHindered;

    // Since storing was last known to go on.
    bool _wasHindered;
    bool _hasStored;

    /// <summary>Lines of the commits that are under way.</summary>
    public long LinesInFlight => _inFlight.Sum(commit => commit.Pending.Lines);

    public void Begin(IEnumerable<SourcePosition> stored)
    {
        foreach (var position in stored)
        {
            _stored[position.Source] = position;
        }
    }

    /// <exception cref="LogStoreException">An earlier commit failed.</exception>
    public async Task SubmitAsync(PendingCommit pending, CancellationToken cancellationToken)
    {
        if (pending.IsEmpty)
        {
            pending.Release();
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (_inFlight.Count >= most)
            {
                await TakeOldestAsync(cancellationToken);
            }

            _inFlight.Enqueue((store.CommitAsync(pending.ToRequest(_stored), cancellationToken), pending));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes note of the commits that have ended.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task TakeEndedAsync(CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(0, cancellationToken))
        {
            // Who has it does the same.
            return;
        }

        try
        {
            while (_inFlight.TryPeek(out var oldest) && oldest.Task.IsCompleted)
            {
                await TakeOldestAsync(cancellationToken);
            }

            TellTrouble();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task TakeAllAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (_inFlight.Count > 0)
            {
                await TakeOldestAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>After a failure: waits until the store lets go of all batches; further failures say nothing new.</summary>
    public async Task AbandonAsync()
    {
        while (_inFlight.TryDequeue(out var commit))
        {
            await ((Task)commit.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task TakeOldestAsync(CancellationToken cancellationToken)
    {
        var (task, pending) = _inFlight.Peek();
        while (!task.IsCompleted)
        {
            TellTrouble();
            await Task.WhenAny(task, Task.Delay(TroubleInterval, clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        var receipt = await task;
        _inFlight.Dequeue();
        counters.AddStored(receipt.Records);
        pending.Release();
        _hasStored = true;
        TellTrouble();
    }

    void TellTrouble()
    {
        var (trouble, isHindered) = (store.Trouble, store.IsHindered);
        if (trouble is not null && trouble != _trouble)
        {
            report.Notice(trouble);
        }
        else if (trouble is null && _trouble is not null && !_isHindered)
        {
            report.Notice("the work in the background goes on");
        }

        if (isHindered && !_isHindered)
        {
            (_wasHindered, _hasStored) = (true, false);
        }

        (_trouble, _isHindered) = (trouble, isHindered);
        if (_wasHindered && _hasStored && !isHindered)
        {
            report.Notice("storing goes on");
            _wasHindered = false;
        }
    }
}
