using Puppylog.Alerts;
using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>
/// Hits per second of a whole log, counted in a reading of its own, so that an alert can be told them in the order of time
/// whatever the order of the lines.
/// </summary>
sealed class SecondCounts : ITrafficSink
{
    /// <summary>Seconds with hits: about 45 days of uninterrupted traffic, some 200 MB.</summary>
    public const int DefaultMax = 4_000_000;

    readonly int _max;
    readonly Dictionary<long, long> _hits = [];
    (long Second, long Hits)[]? _ordered;
    int _next;
    long _second;
    long _count;

    public SecondCounts(int max = DefaultMax) => _max = max;

    /// <summary>False where the log has hits in more seconds than are kept: what was counted is not the whole.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The last second with hits; null where there are none.</summary>
    public long? Latest => (_ordered ??= Order()) is [.., var last] ? last.Second : null;

    public void Take(RecordView records, long invalid)
    {
        foreach (var time in records.Times.Nanoseconds[..records.Count])
        {
            var second = Timestamps.FloorDiv(time, Timestamps.Second);
            if (second != _second)
            {
                Note();
                _second = second;
            }

            _count++;
        }
    }

    /// <summary>Tells the alert of the hits before a second that it has not been told of yet.</summary>
    public void TellBefore(long second, TrafficAlert alert)
    {
        var ordered = _ordered ??= Order();
        for (; _next < ordered.Length && ordered[_next].Second < second; _next++)
        {
            alert.Add(ordered[_next].Second, ordered[_next].Hits);
        }
    }

    void Note()
    {
        if (_count == 0)
        {
            return;
        }

        ref var hits = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_hits, _second, out _);
        hits += _count;
        _count = 0;
        if (_hits.Count > _max)
        {
            IsComplete = false;
            _hits.Clear();
        }
    }

    (long Second, long Hits)[] Order()
    {
        Note();
        var ordered = _hits.Select(entry => (entry.Key, entry.Value)).ToArray();
        Array.Sort(ordered);
        _hits.Clear();
        _hits.TrimExcess();
        return ordered;
    }
}
