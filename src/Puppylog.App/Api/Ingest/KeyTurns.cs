using System.Collections.Concurrent;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// One request at a time for each Idempotency-Key: one that is sent again while the first is still being stored waits for it,
/// as processors may drop what they have just seen.
/// </summary>
sealed class KeyTurns
{
    readonly ConcurrentDictionary<string, TaskCompletionSource> _taken = new(StringComparer.Ordinal);

    /// <summary>Takes the key's turn; it ends with what is returned.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<IDisposable> TakeAsync(string key, CancellationToken cancellationToken)
    {
        var turn = new Turn(this, key);
        while (!_taken.TryAdd(key, turn.Ended))
        {
            if (_taken.TryGetValue(key, out var other))
            {
                await other.Task.WaitAsync(cancellationToken);
            }
        }

        return turn;
    }

    sealed class Turn(KeyTurns turns, string key) : IDisposable
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            turns._taken.TryRemove(new(key, Ended));
            Ended.TrySetResult();
        }
    }
}
