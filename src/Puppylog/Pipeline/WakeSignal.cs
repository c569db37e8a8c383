using System.Threading.Channels;

namespace Puppylog.Pipeline;

/// <summary>Ends one wait of the collector; several signals before it count as one.</summary>
sealed class WakeSignal
{
    readonly Channel<byte> _signal = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>May be called from any thread.</summary>
    public void Set() => _signal.Writer.TryWrite(0);

    /// <summary>Waits for a signal, the time or the cancellation, whichever comes first.</summary>
    public async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await ((Task)_signal.Reader.WaitToReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signal.Reader.TryRead(out _);
    }
}
