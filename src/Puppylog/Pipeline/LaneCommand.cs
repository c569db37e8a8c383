namespace Puppylog.Pipeline;

/// <summary>Something that a lane does between two of its steps.</summary>
/// <param name="work">What is to be done.</param>
sealed class LaneCommand(Func<CancellationToken, Task> work)
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it has been done, or is known not to be.</summary>
    public Task Done => _done.Task;

    /// <exception cref="Storage.LogStoreException">A commit failed.</exception>
    public async Task DoAsync(CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            _done.TrySetResult();
        }
        catch (Exception wrong)
        {
            _done.TrySetException(wrong);
            throw;
        }
    }

    /// <summary>The lane has ended.</summary>
    public void Refuse() => _done.TrySetCanceled(CancellationToken.None);
}
