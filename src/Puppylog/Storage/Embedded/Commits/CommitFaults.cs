using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// What becomes of commits whose writing fails: a full disk is waited out, after a failed fsync they are written once more
/// elsewhere, anything else is their answer. The writing thread only, but for <see cref="Trouble"/>.
/// </summary>
sealed class CommitFaults(string directory, TimeProvider clock, RecordedState recorded, CancellationToken closing)
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    volatile string? _trouble;

    /// <summary>What hinders writing at the moment; null when all is well.</summary>
    public string? Trouble => _trouble;

    /// <summary>Called when <see cref="Trouble"/> has changed.</summary>
    public event Action? TroubleChanged;

    /// <summary>Stores a group or answers it with the reason; waits while the disk is full.</summary>
    public void Store(List<PendingCommit> group, Action<List<PendingCommit>> storeOnce)
    {
        try
        {
            RefuseForeign();
            StoreOrFail(group, storeOnce);
        }
        catch (LogStoreException gone)
        {
            FailAll(group, gone);
        }

        SetTrouble(null);
    }

    /// <summary>Files that nobody can open any more would take all that is written.</summary>
    /// <exception cref="LogStoreException">The directory is not the one that was locked.</exception>
    public void RefuseForeign()
    {
        if (!DirectoryLock.IsOurs(directory))
        {
            throw new LogStoreException($"the data directory {directory} was removed or replaced while it was written to; start again");
        }
    }

    void StoreOrFail(List<PendingCommit> group, Action<List<PendingCommit>> storeOnce)
    {
        var syncFailures = 0;
        while (group.Count > 0)
        {
            try
            {
                recorded.Settle();
                storeOnce(group);
                return;
            }
            catch (Exception e) when (DiskErrors.IsDiskFull(e))
            {
                recorded.TrySettle();
                SetTrouble($"the disk that holds {directory} is full; intake waits until there is room");
                if (!WaitForRoom(group))
                {
                    FailAll(group, new LogStoreException($"not stored: the disk that holds {directory} is full", e) { IsTransient = true });
                    return;
                }
            }
            catch (SegmentSyncException) when (++syncFailures == 1)
            {
                recorded.TrySettle();
            }
            catch (Exception e)
            {
                recorded.Doubt();
                recorded.TrySettle();
                FailAll(group, e as LogStoreException ?? new LogStoreException($"cannot store into {directory}: {e.Message}", e));
                return;
            }
        }
    }

    /// <summary>Waits a moment; false where the store is being closed. Commits cancelled meanwhile leave the group.</summary>
    bool WaitForRoom(List<PendingCommit> group)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource([closing, .. group.Select(pending => pending.Cancellation)]);
        Task.Delay(RetryInterval, clock, wake.Token).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        foreach (var pending in group.Where(pending => pending.Cancellation.IsCancellationRequested).ToList())
        {
            group.Remove(pending);
            pending.Cancel();
        }

        return !closing.IsCancellationRequested;
    }

    void SetTrouble(string? trouble)
    {
        if (_trouble != trouble)
        {
            _trouble = trouble;
            TroubleChanged?.Invoke();
        }
    }

    static void FailAll(List<PendingCommit> group, Exception error)
    {
        foreach (var pending in group)
        {
            pending.Fail(error);
        }
    }
}
