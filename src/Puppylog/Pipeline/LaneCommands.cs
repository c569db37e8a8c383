using System.Collections.Concurrent;

namespace Puppylog.Pipeline;

/// <summary>What others ask of a lane, to be done between two of its steps. Safe for several threads; one does them.</summary>
/// <param name="wake">Tells the lane that there is something to do.</param>
sealed class LaneCommands(Action wake)
{
    readonly ConcurrentQueue<LaneCommand> _waiting = new();
    volatile bool _isClosed;

    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Ends when it has been done.</summary>
    /// <exception cref="OperationCanceledException">The lane has ended before.</exception>
    public Task PostAsync(Func<CancellationToken, Task> work)
    {
        var command = new LaneCommand(work);
        _waiting.Enqueue(command);
        wake();
        if (_isClosed)
        {
            Refuse();
        }

        return command.Done;
    }

    /// <exception cref="Storage.LogStoreException">A commit failed.</exception>
    public async Task DoAllAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryDequeue(out var command))
        {
            await command.DoAsync(cancellationToken);
        }
    }

    /// <summary>The lane has ended: what waits is not done any more, nor what comes.</summary>
    public void Close()
    {
        _isClosed = true;
        Refuse();
    }

    void Refuse()
    {
        while (_waiting.TryDequeue(out var command))
        {
            command.Refuse();
        }
    }
}
