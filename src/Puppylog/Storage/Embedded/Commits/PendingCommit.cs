namespace Puppylog.Storage.Embedded.Commits;

/// <summary>A commit between the call and its outcome. Its encoded bytes are given back when it ends.</summary>
sealed class PendingCommit : IPendingWork
{
    readonly TaskCompletionSource<CommitReceipt> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenRegistration _registration;
    int _claimed;

    public PendingCommit(Task<EncodedCommit> encoding, CancellationToken cancellation)
    {
        Encoding = encoding;
        Cancellation = cancellation;
        _registration = cancellation.UnsafeRegister(static state => ((PendingCommit)state!).CancelQueued(), this);
    }

    public Task<EncodedCommit> Encoding { get; }

    public CancellationToken Cancellation { get; }

    public Task<CommitReceipt> Outcome => _outcome.Task;

    /// <summary>Takes the commit out of the queue for good; false where it was cancelled first.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public void Succeed(CommitReceipt receipt)
    {
        Release();
        _outcome.TrySetResult(receipt);
    }

    public void Fail(Exception error)
    {
        Release();
        _outcome.TrySetException(error);
    }

    public void Cancel()
    {
        Release();
        _outcome.TrySetCanceled(Cancellation);
    }

    void CancelQueued()
    {
        if (TryClaim())
        {
            // The batches belong to the store until the outcome is known, and the encoder may still be reading them.
            Encoding.ContinueWith(_ => Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    void Release()
    {
        _registration.Unregister();
        if (Encoding.IsCompletedSuccessfully)
        {
            Encoding.Result.Dispose();
        }
        else
        {
            // Seen, so that it is not reported as unobserved.
            _ = Encoding.Exception;
        }
    }
}
