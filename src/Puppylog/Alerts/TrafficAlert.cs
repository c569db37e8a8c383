namespace Puppylog.Alerts;

/// <summary>
/// Evaluates a <see cref="TrafficRule"/> at every whole second T: the hits with T − window ≤ time &lt; T against the limit;
/// above fires, below recovers, equal changes nothing. Knows no clock: time is what <see cref="Advance"/> says.
/// Not thread-safe.
/// </summary>
/// <remarks>
/// The average changes only where a second with hits enters or leaves the window (or a late hit comes), so only those
/// seconds are looked at, and a gap of years costs nothing.
/// </remarks>
sealed class TrafficAlert(TrafficRule rule)
{
    /// <summary>Times are 0001-01-01 up to 9998-12-31, so that every T has a printable date.</summary>
    const long MinSecond = -62_135_596_800;
    const long MaxSecond = 253_370_764_800;

    readonly decimal _limit = rule.Limit;

    /// <summary>Hits per second with hits: first those of the window, then those not evaluated yet.</summary>
    readonly SortedList<long, long> _seconds = [];
    int _inWindow;
    long _at = MinSecond;
    bool _late;

    public TrafficRule Rule => rule;

    public bool IsFiring { get; private set; }

    /// <summary>Hits within the window at the last second that was evaluated.</summary>
    public long Hits { get; private set; }

    /// <summary>
    /// Counts hits of a second. Hits of a second that was evaluated already count from the next evaluation on, as long as
    /// they lie in its window; what was told stays told. Older ones, and times without a date, change nothing.
    /// </summary>
    /// <param name="second">Seconds since 1970 UTC.</param>
    /// <param name="hits">How many.</param>
    public void Add(long second, long hits)
    {
        if (hits <= 0 || second is < MinSecond or > MaxSecond || second < _at + 1 - rule.Window)
        {
            return;
        }

        var isLate = second < _at;
        var known = _seconds.TryGetValue(second, out var before);
        _seconds[second] = Saturate(before, hits);
        if (isLate)
        {
            _inWindow += known ? 0 : 1;
            Hits = Saturate(Hits, _seconds[second] - before);
            _late = true;
        }
    }

    /// <summary>Evaluates every second up to <paramref name="second"/>, itself included, and adds the crossings in order.</summary>
    public void Advance(long second, ICollection<AlertTransition> transitions)
    {
        second = Math.Min(second, MaxSecond + rule.Window + 1);
        for (var next = NextChange(); next <= second; next = NextChange())
        {
            MoveWindow(next);
            if (IsFiring ? Hits < _limit : Hits > _limit)
            {
                IsFiring = !IsFiring;
                transitions.Add(new(IsFiring, next, Hits, rule.Window));
            }
        }

        _at = Math.Max(_at, second);
    }

    /// <summary>The next second at which the window holds other hits than at the last one.</summary>
    long NextChange()
    {
        var next = _late ? _at + 1 : long.MaxValue;
        if (_inWindow < _seconds.Count)
        {
            next = Math.Min(next, _seconds.GetKeyAtIndex(_inWindow) + 1);
        }

        if (_inWindow > 0)
        {
            next = Math.Min(next, _seconds.GetKeyAtIndex(0) + rule.Window + 1);
        }

        return next;
    }

    void MoveWindow(long to)
    {
        while (_inWindow < _seconds.Count && _seconds.GetKeyAtIndex(_inWindow) < to)
        {
            Hits = Saturate(Hits, _seconds.GetValueAtIndex(_inWindow++));
        }

        while (_inWindow > 0 && _seconds.GetKeyAtIndex(0) < to - rule.Window)
        {
            Hits -= _seconds.GetValueAtIndex(0);
            _seconds.RemoveAt(0);
            _inWindow--;
        }

        _at = to;
        _late = false;
    }

    static long Saturate(long sum, long more) => sum > long.MaxValue - more ? long.MaxValue : sum + more;
}
