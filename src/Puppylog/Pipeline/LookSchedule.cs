using Puppylog.Sources;
using Puppylog.Sources.Files;

namespace Puppylog.Pipeline;

/// <summary>
/// Which sources of a lane are looked at when: those with news at once, those that nothing is told of when their time has
/// come, and all others slowly, in a round, in case that news were lost.
/// </summary>
sealed class LookSchedule(TimeProvider clock)
{
    /// <summary>So few sources are looked at each time: it costs less than to tell which.</summary>
    public const int FewSources = 64;

    /// <summary>How often a source is looked at that tells of news itself: events that got lost, and writes that have none (mmap).</summary>
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    /// <summary>When it is looked at again after it had some.</summary>
    static readonly TimeSpan AfterNews = TimeSpan.FromSeconds(1);

    /// <summary>Steps of the round do not come closer.</summary>
    static readonly TimeSpan RoundStep = TimeSpan.FromMilliseconds(500);

    /// <summary>Sources whose times lie so close are looked at together.</summary>
    static readonly TimeSpan Together = TimeSpan.FromMilliseconds(50);

    /// <summary>Of many sources that have to be polled, one is looked at so often: some percent of a core.</summary>
    static readonly TimeSpan PollPace = TimeSpan.FromMilliseconds(0.1);

    // Changed by the lane alone, under the lock.
    readonly List<SourceFeed> _feeds = [];
    readonly Lock _changing = new();
    readonly Dictionary<LogSource, SourceFeed> _bySource = [];
    readonly PriorityQueue<SourceFeed, long> _timed = new();
    // To be looked at in the next step, and those of this one.
    HashSet<SourceFeed> _ready = [];
    HashSet<SourceFeed> _turn = [];
    int _round;
    long _roundAt = clock.GetTimestamp();

    public List<SourceFeed> Feeds => _feeds;

    /// <summary>The sources at this moment. May be called from any thread.</summary>
    public SourceFeed[] Snapshot()
    {
        lock (_changing)
        {
            return [.. _feeds];
        }
    }

    public bool Has(SourceFeed feed) => _bySource.ContainsKey(feed.Source);

    public void Add(SourceFeed feed)
    {
        lock (_changing)
        {
            _feeds.Add(feed);
        }

        _bySource.Add(feed.Source, feed);
        _ready.Add(feed);
        feed.Source.Woken = Wake;
    }

    public void Remove(SourceFeed feed)
    {
        lock (_changing)
        {
            _feeds.Remove(feed);
        }

        _bySource.Remove(feed.Source);
        _ready.Remove(feed);
        feed.LookAt = null;
    }

    /// <summary>The sources whose turn it is. Valid until the next call.</summary>
    public IReadOnlyCollection<SourceFeed> Take()
    {
        if (_feeds.Count <= FewSources)
        {
            foreach (var feed in _feeds)
            {
                // What cannot be read is tried again in its own time.
                if (feed.LookAt is null || feed.Source.Hindrance is null)
                {
                    _ready.Add(feed);
                }
            }
        }

        TakeTimed();
        GoRound();
        _turn.Clear();
        (_turn, _ready) = (_ready, _turn);
        return _turn;
    }

    /// <summary>A source has been looked at and read; says when to look again.</summary>
    /// <param name="feed">The source.</param>
    /// <param name="hasMore">It was the others' turn before it was read to its end.</param>
    /// <param name="hadNews">Something of it was read.</param>
    public void Note(SourceFeed feed, bool hasMore, bool hadNews)
    {
        var interval = hasMore ? TimeSpan.Zero : feed.Source.LookInterval;
        if (hadNews && interval == Timeout.InfiniteTimeSpan)
        {
            interval = AfterNews;
        }

        if (interval == TimeSpan.Zero)
        {
            _ready.Add(feed);
        }
        else if (interval != Timeout.InfiniteTimeSpan && feed.LookAt is null)
        {
            var pace = PollPace * _timed.Count;
            feed.LookAt = After(pace > interval ? pace : interval);
            _timed.Enqueue(feed, feed.LookAt.Value);
        }
    }

    /// <summary>How long the lane may wait for news.</summary>
    public TimeSpan WaitTime(TimeSpan most)
    {
        foreach (var feed in _ready)
        {
            if (feed.Source.IsUndecided)
            {
                most = FollowedFile.DecisionTime / 2;
                break;
            }
        }

        return _timed.TryPeek(out _, out var at) && clock.GetElapsedTime(clock.GetTimestamp(), at) is var left && left < most
            ? left < Together ? Together : left
            : most;
    }

    public void Clear()
    {
        lock (_changing)
        {
            _feeds.Clear();
        }
    }

    void Wake(LogSource source)
    {
        if (_bySource.TryGetValue(source, out var feed))
        {
            _ready.Add(feed);
        }
    }

    void TakeTimed()
    {
        var now = clock.GetTimestamp();
        while (_timed.TryPeek(out var feed, out var at) && at <= now)
        {
            _timed.Dequeue();
            if (feed.LookAt == at)
            {
                feed.LookAt = null;
                _ready.Add(feed);
            }
        }
    }

    void GoRound()
    {
        var elapsed = clock.GetElapsedTime(_roundAt);
        if (elapsed < RoundStep)
        {
            return;
        }

        _roundAt = clock.GetTimestamp();
        var count = (int)Math.Min(_feeds.Count, Math.Ceiling(_feeds.Count * (elapsed / Round)));
        for (var i = 0; i < count; i++)
        {
            _round = (_round + 1) % _feeds.Count;
            _ready.Add(_feeds[_round]);
        }
    }

    long After(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
}
