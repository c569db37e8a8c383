using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;

namespace Puppylog.Alerts.Outbox;

/// <summary>
/// Carries the notices of an outbox to one receiver: all that wait go together, so that many that fire at once are one
/// message. It tries for ever, with pauses; what takes too long has failed. Nobody waits for it.
/// </summary>
sealed class Courier(string receiver, INotifier notifier, IOutbox outbox, TimeProvider clock, CourierOptions options) : IDisposable
{
    readonly SendingRate _rate = new(options.Burst, options.Pause);
    readonly SemaphoreSlim _called = new(0, 1);
    readonly long _began = clock.GetTimestamp();

    public string Receiver => receiver;

    /// <summary>Why notices could not be told, and that they can be again.</summary>
    public event Action<string>? Reported;

    /// <summary>There may be something new in the outbox. Never waits.</summary>
    public void Call()
    {
        try
        {
            _called.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been called and has not looked yet.
        }
    }

    /// <summary>Carries until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _called.WaitAsync(await StepAsync(cancellation) ?? Timeout.InfiniteTimeSpan, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public void Dispose() => _called.Dispose();

    /// <summary>Sends what is due. Says after what time there is something to do again, unless it is called before.</summary>
    public async Task<TimeSpan?> StepAsync(CancellationToken cancellation)
    {
        var notices = outbox.Pending(receiver, options.MostTogether);
        if (notices.Count == 0)
        {
            return null;
        }

        var attempts = outbox.Attempts(receiver);
        var pause = TimeSpan.FromMilliseconds(Math.Min(attempts.NotBefore - Now, (long)options.LongestPause.TotalMilliseconds));
        if (pause > TimeSpan.Zero)
        {
            return pause;
        }

        if (!_rate.TryTake(clock.GetElapsedTime(_began), out var wait))
        {
            return wait;
        }

        return await TryAsync(notices, attempts.Failures, cancellation);
    }

    async Task<TimeSpan?> TryAsync(IReadOnlyList<Notice> notices, int failures, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(notices, cancellation);
        }
        catch (NotifierException error)
        {
            return Postpone(failures + 1, error);
        }

        if (failures > 0)
        {
            Reported?.Invoke($"{receiver} takes notices again");
        }

        Keep(() => outbox.Told(receiver, [.. notices.Select(notice => notice.Key)]));
        return TimeSpan.Zero;
    }

    async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var sending = Task.Run(() => notifier.SendAsync(notices, patience.Token), CancellationToken.None);
            await sending.WaitAsync(options.Patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw new NotifierException($"no answer within {options.Patience.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is not NotifierException && !cancellation.IsCancellationRequested)
        {
            throw new NotifierException(error.Message, error);
        }
        finally
        {
            await patience.CancelAsync();
        }
    }

    TimeSpan Postpone(int failures, NotifierException error)
    {
        var doubled = options.FirstPause * Math.Pow(2, Math.Min(failures - 1, 30));
        var longest = doubled < options.LongestPause ? doubled : options.LongestPause;
        var drawn = (longest / 2) + (longest / 2 * Random.Shared.NextDouble());
        var pause = drawn > error.RetryAfter ? drawn : error.RetryAfter < options.LongestPause ? error.RetryAfter : options.LongestPause;
        if (failures == 1)
        {
            Reported?.Invoke($"{receiver} does not take notices: {error.Message}; they are kept and tried again");
        }

        Keep(() => outbox.Failed(receiver, new(failures, Now + (long)pause.TotalMilliseconds, error.Message)));
        return pause;
    }

    /// <summary>A disk that does not keep it costs a duplicate after a restart, not the courier.</summary>
    void Keep(Action keep)
    {
        try
        {
            keep();
        }
        catch (IOException error)
        {
            Reported?.Invoke($"the outbox cannot be written: {error.Message}");
        }
    }

    long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
