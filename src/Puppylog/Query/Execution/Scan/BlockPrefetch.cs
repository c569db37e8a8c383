using Puppylog.Records;

namespace Puppylog.Query.Execution.Scan;

/// <summary>Works on blocks ahead of their consumer: as many at a time as there are workers, handed out in order.</summary>
sealed class BlockPrefetch(IReadOnlyList<RecordBlock> blocks, int workers, Func<int, RecordBlock, MatchedBlock?> find, CancellationToken cancellationToken)
    : IAsyncDisposable
{
    readonly Queue<Task<MatchedBlock?>> _running = new();
    int _started;

    /// <summary>Blocks handed out: the next one is <c>blocks[Taken]</c>.</summary>
    public int Taken { get; private set; }

    public bool HasMore => Taken < blocks.Count;

    public RecordBlock Upcoming => blocks[Taken];

    public async ValueTask<MatchedBlock?> NextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_running.Count < Math.Max(1, workers) && _started < blocks.Count)
        {
            var ordinal = _started++;
            _running.Enqueue(Task.Run(() => find(ordinal, blocks[ordinal]), cancellationToken));
        }

        Taken++;
        return await _running.Dequeue().ConfigureAwait(false);
    }

    /// <summary>Waits for what is under way, so that no block is read after the query has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var task in _running)
        {
            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
