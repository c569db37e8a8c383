using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;

namespace Puppylog.Alerts.Outbox;

/// <summary>Where evaluation hands in its notices: they are kept when it returns, and couriers of their own carry them.</summary>
sealed class NoticeDesk : IDisposable
{
    readonly IOutbox _outbox;
    readonly List<Courier> _couriers;

    public NoticeDesk(IOutbox outbox, IReadOnlyDictionary<string, INotifier> notifiers, TimeProvider clock, CourierOptions options)
    {
        _outbox = outbox;
        _couriers = [.. notifiers.Select(entry => new Courier(entry.Key, entry.Value, outbox, clock, options))];
        foreach (var courier in _couriers)
        {
            courier.Reported += sentence => Reported?.Invoke(sentence);
        }
    }

    /// <summary>What people should know of receivers. Comes from any thread.</summary>
    public event Action<string>? Reported;

    /// <exception cref="IOException">They cannot be kept.</exception>
    public void Put(IReadOnlyCollection<Notice> notices)
    {
        if (_outbox.Put([.. _couriers.Select(courier => courier.Receiver)], notices) > 0)
        {
            _couriers.ForEach(courier => courier.Call());
        }
    }

    /// <summary>Carries until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(_couriers.Select(courier => Task.Run(() => courier.RunAsync(cancellation), CancellationToken.None)));

    public void Dispose() => _couriers.ForEach(courier => courier.Dispose());
}
