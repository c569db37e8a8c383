using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Outbox;

/// <summary>
/// Where evaluation hands in its notices: they are kept when it returns, and couriers of their own carry them. Receivers may
/// change while it runs; what waits for one that is gone waits for one of its name.
/// </summary>
sealed class NoticeDesk(IOutbox outbox, TimeProvider clock) : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    readonly Lock _lock = new();
    readonly Dictionary<string, Carried> _carried = new(StringComparer.Ordinal);

    /// <summary>What people should know of receivers. Comes from any thread.</summary>
    public event Action<string>? Reported;

    public IReadOnlyCollection<string> Receivers
    {
        get
        {
            lock (_lock)
            {
                return [.. _carried.Keys];
            }
        }
    }

    /// <summary>Makes these the receivers; those that are the same go on.</summary>
    public void Serve(IEnumerable<Receiver> receivers)
    {
        lock (_lock)
        {
            var wanted = receivers.ToDictionary(receiver => receiver.Name, StringComparer.Ordinal);
            foreach (var (name, carried) in _carried.Where(entry => !wanted.TryGetValue(entry.Key, out var next) || next.Version != entry.Value.Version).ToList())
            {
                carried.Stop.Cancel();
                _carried.Remove(name);
            }

            foreach (var receiver in wanted.Values.Where(receiver => !_carried.ContainsKey(receiver.Name)))
            {
                var courier = new Courier(receiver.Name, receiver.Notifier, outbox, clock, receiver.Options);
                courier.Reported += sentence => Reported?.Invoke(sentence);
                var stop = new CancellationTokenSource();
                _carried.Add(receiver.Name, new(courier, receiver.Version, stop, Task.Run(() => CarryAsync(courier, stop), CancellationToken.None)));
            }
        }
    }

    /// <summary>Takes notices for some of the receivers; those that are none are left out.</summary>
    /// <param name="receivers">By name; all where none is named.</param>
    /// <exception cref="IOException">They cannot be kept.</exception>
    public void Put(IReadOnlyCollection<Notice> notices, IReadOnlyCollection<string> receivers)
    {
        List<Courier> couriers;
        lock (_lock)
        {
            couriers = [.. _carried.Values.Select(carried => carried.Courier).Where(courier => receivers.Count == 0 || receivers.Contains(courier.Receiver))];
        }

        if (outbox.Put([.. couriers.Select(courier => courier.Receiver)], notices) > 0)
        {
            couriers.ForEach(courier => courier.Call());
        }
    }

    /// <summary>Waits until all is told that can be: whoever has just failed is not waited for. Returns how many notices are left.</summary>
    /// <param name="patience">The longest wait.</param>
    public async Task<int> DrainAsync(TimeSpan patience)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var waiting = Receivers.Select(name => (Left: outbox.Pending(name, int.MaxValue).Count, outbox.Attempts(name).Failures)).Where(receiver => receiver.Left > 0).ToList();
            if (waiting.All(receiver => receiver.Failures > 0) || clock.GetElapsedTime(began) > patience)
            {
                return waiting.Sum(receiver => receiver.Left);
            }

            await Task.Delay(Look, clock);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Carried> all;
        lock (_lock)
        {
            all = [.. _carried.Values];
            _carried.Clear();
        }

        foreach (var carried in all)
        {
            await carried.Stop.CancelAsync();
        }

        await Task.WhenAll(all.Select(carried => carried.Running));
    }

    static async Task CarryAsync(Courier courier, CancellationTokenSource stop)
    {
        using (stop)
        using (courier)
        {
            await courier.RunAsync(stop.Token);
        }
    }

    sealed record Carried(Courier Courier, string Version, CancellationTokenSource Stop, Task Running);
}
