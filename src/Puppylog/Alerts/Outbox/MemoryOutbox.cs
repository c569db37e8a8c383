using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Outbox;

/// <summary>An outbox that ends with its process.</summary>
sealed class MemoryOutbox : IOutbox
{
    /// <summary>Keys of told notices that are remembered.</summary>
    public const int RememberedKeys = 10_000;

    readonly Lock _lock = new();
    readonly List<OutboxEntry> _pending = [];
    readonly HashSet<(string Receiver, string Key)> _keys = [];
    readonly Queue<(string Receiver, string Key)> _told = [];
    readonly Dictionary<string, OutboxAttempts> _attempts = [];

    public int Put(IReadOnlyCollection<string> receivers, IReadOnlyCollection<Notice> notices)
    {
        lock (_lock)
        {
            var fresh = Fresh(receivers, notices);
            fresh.ForEach(Put);
            return fresh.Count;
        }
    }

    public IReadOnlyList<Notice> Pending(string receiver, int most)
    {
        lock (_lock)
        {
            return [.. _pending.Where(entry => entry.Receiver == receiver).Select(entry => entry.Notice).Take(most)];
        }
    }

    public OutboxAttempts Attempts(string receiver)
    {
        lock (_lock)
        {
            return _attempts.GetValueOrDefault(receiver);
        }
    }

    public void Told(string receiver, IReadOnlyCollection<string> keys)
    {
        lock (_lock)
        {
            _attempts.Remove(receiver);
            foreach (var key in keys)
            {
                _pending.RemoveAll(entry => entry.Receiver == receiver && entry.Notice.Key == key);
                _keys.Add((receiver, key));
                _told.Enqueue((receiver, key));
            }

            while (_told.Count > RememberedKeys)
            {
                _keys.Remove(_told.Dequeue());
            }
        }
    }

    public void Failed(string receiver, OutboxAttempts attempts)
    {
        lock (_lock)
        {
            _attempts[receiver] = attempts;
        }
    }

    /// <summary>What <see cref="Put(IReadOnlyCollection{string}, IReadOnlyCollection{Notice})"/> would take.</summary>
    public List<OutboxEntry> Fresh(IReadOnlyCollection<string> receivers, IReadOnlyCollection<Notice> notices)
    {
        lock (_lock)
        {
            return
            [
                .. from receiver in receivers
                   from notice in notices.DistinctBy(notice => notice.Key)
                   where !_keys.Contains((receiver, notice.Key))
                   select new OutboxEntry(receiver, notice),
            ];
        }
    }

    public void Put(OutboxEntry entry)
    {
        lock (_lock)
        {
            if (_keys.Add((entry.Receiver, entry.Notice.Key)))
            {
                _pending.Add(entry);
            }
        }
    }

    /// <summary>All there is, for who keeps it elsewhere.</summary>
    public (List<OutboxEntry> Pending, List<(string Receiver, string Key)> Told, Dictionary<string, OutboxAttempts> Attempts) All()
    {
        lock (_lock)
        {
            return ([.. _pending], [.. _told], new(_attempts));
        }
    }
}
