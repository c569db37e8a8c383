namespace Puppylog.Storage.Postgres.Writing;

/// <summary>A commit between the call and its outcome.</summary>
sealed class PendingWrite : IDisposable
{
    readonly TaskCompletionSource<CommitReceipt> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenRegistration _registration;
    int _claimed;

    public PendingWrite(CommitRequest request, CancellationToken cancellation)
    {
        Request = request;
        Cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(static state => ((PendingWrite)state!).CancelQueued(), this);
    }

    public CommitRequest Request { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>By which the commit is found where its outcome was not heard. The same at every attempt.</summary>
    public Guid Token { get; } = Guid.NewGuid();

    public int Attempts { get; set; }

    public Task<CommitReceipt> Outcome => _outcome.Task;

    /// <summary>Takes the commit out of the queue for good; false where it was cancelled first.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public void Succeed(CommitReceipt receipt) => _outcome.TrySetResult(receipt);

    public void Fail(Exception error) => _outcome.TrySetException(error);

    public void Cancel() => _outcome.TrySetCanceled(Cancellation);

    public void Dispose() => _registration.Dispose();

    void CancelQueued()
    {
        if (TryClaim())
        {
            Cancel();
        }
    }
}
