namespace Puppylog.Metrics;

/// <summary>Hits per second of the last seconds, for sparklines. Not thread-safe.</summary>
/// <param name="length">Seconds that are kept: a sparkline of more has empty columns.</param>
sealed class RateHistory(int length = RateHistory.Length)
{
    public const int Length = 1024;

    readonly long[] _hits = new long[length];
    long _newest = long.MinValue;

    public long Newest => _newest;

    /// <summary>Counts hits of a second; older seconds than are kept change nothing.</summary>
    public void Add(long second, long hits)
    {
        Advance(second);
        if (_newest - second < length)
        {
            _hits[Slot(second)] += hits;
        }
    }

    public void Advance(long second)
    {
        if (second <= _newest)
        {
            return;
        }

        if (_newest == long.MinValue || second - _newest >= length)
        {
            Array.Clear(_hits);
        }
        else
        {
            for (var s = _newest + 1; s <= second; s++)
            {
                _hits[Slot(s)] = 0;
            }
        }

        _newest = second;
    }

    /// <summary>The whole seconds before the newest one, oldest first; the newest is still being counted.</summary>
    public long[] Last(int count)
    {
        var last = new long[Math.Clamp(count, 0, length - 1)];
        for (var i = 0; i < last.Length && _newest != long.MinValue; i++)
        {
            last[i] = _hits[Slot(_newest - last.Length + i)];
        }

        return last;
    }

    int Slot(long second) => (int)(((second % length) + length) % length);
}
