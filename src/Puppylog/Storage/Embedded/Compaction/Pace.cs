using Puppylog.Storage.Embedded.Commits;

namespace Puppylog.Storage.Embedded.Compaction;

/// <summary>Keeps compaction out of the way: of commits first, of everybody else's disk where nobody waits for it.</summary>
/// <param name="writer">Whose commits come first.</param>
/// <param name="clock">The time.</param>
/// <param name="bytesPerSecond">Bytes read and written in a second at most; 0 for no bound.</param>
/// <param name="cancellation">Ends all waiting.</param>
sealed class Pace(CommitWriter writer, TimeProvider clock, long bytesPerSecond, CancellationToken cancellation)
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>It works so long, on small blocks as on full ones, before it looks whether it is in the way.</summary>
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Commits that never leave a gap hold compaction up for so many times as long as it has worked: small blocks that come
    /// faster than they are joined would slow down every query for good.
    /// </summary>
    const int MaxYield = 3;

    readonly long _start = clock.GetTimestamp();
    long _turn = clock.GetTimestamp();
    long _bytes;

    /// <summary>Waits until the next block may be worked on.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void After(long bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        _bytes += bytes;
        var worked = clock.GetElapsedTime(_turn);
        if (worked < Turn && writer.Trouble is null)
        {
            return;
        }

        if (bytesPerSecond > 0 && TimeSpan.FromSeconds((double)_bytes / bytesPerSecond) - clock.GetElapsedTime(_start) is { Ticks: > 0 } ahead && ahead > Look)
        {
            Sleep(ahead);
        }

        for (var waited = TimeSpan.Zero; writer.Trouble is not null || (writer.IsBusy && waited < worked * MaxYield); waited += Look)
        {
            Sleep(Look);
        }

        _turn = clock.GetTimestamp();
    }

    // Sleeping is what this thread is for: it is compaction's own.
    void Sleep(TimeSpan time)
    {
        Task.Delay(time, clock, cancellation).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
    }
}
