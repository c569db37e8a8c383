namespace Puppylog.App.Api.Tail;

/// <summary>
/// How far a client is behind the newest commit, and whether records are left out for it: from ten seconds on, until it is
/// less than one. What there was when it came, or came back, is wanted whole, however long that takes.
/// </summary>
sealed class TailLag(TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Near = TimeSpan.FromSeconds(1);

    /// <summary>How exact it is, and how many of them there are at the most, is one.</summary>
    static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(100);

    /// <summary>When which commit was seen to be the last.</summary>
    readonly Queue<(long Commit, long Time)> _seen = [];
    long _noted = long.MinValue;
    bool _isLive;

    /// <summary>True while records are left out.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Nothing is left to send.</summary>
    public void CaughtUp()
    {
        _isLive = true;
        _seen.Clear();
    }

    /// <summary>Whether a commit's records are to be left out.</summary>
    /// <param name="commit">The one that is next to be sent.</param>
    /// <param name="last">The last that there is.</param>
    public bool IsTooLarge(long commit, long last)
    {
        if (!_isLive)
        {
            return false;
        }

        var now = clock.GetTimestamp();
        if (_noted == long.MinValue || clock.GetElapsedTime(_noted, now) >= Resolution || _seen.Count == 0)
        {
            _noted = now;
            _seen.Enqueue((last, now));
        }

        while (_seen.Count > 1 && _seen.Peek().Commit < commit)
        {
            _seen.Dequeue();
        }

        var lag = clock.GetElapsedTime(_seen.Peek().Time, now);
        return IsSkipping = lag > (IsSkipping ? Near : Patience);
    }
}
