using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Commits;

/// <inheritdoc/>
/// <remarks>Once cancelled it is never done; once begun its outcome is waited for.</remarks>
sealed class PendingWork<T> : PendingChange
{
    readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Func<CatalogWriter, SegmentSet, T> _work;
    readonly CancellationTokenRegistration _registration;
    int _claimed;

    public PendingWork(Func<CatalogWriter, SegmentSet, T> work, CancellationToken cancellation)
    {
        _work = work;
        _registration = cancellation.UnsafeRegister(
            (_, token) =>
            {
                if (TryClaim())
                {
                    _outcome.TrySetCanceled(token);
                }
            },
            null);
    }

    public Task<T> Outcome => _outcome.Task;

    public override bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public override bool Run(CatalogWriter catalog, SegmentSet segments)
    {
        _registration.Unregister();
        try
        {
            _outcome.TrySetResult(_work(catalog, segments));
            return true;
        }
        catch (Exception e)
        {
            _outcome.TrySetException(e);
            return false;
        }
    }

    public override void Fail(Exception error)
    {
        _registration.Unregister();
        _outcome.TrySetException(error);
    }
}
