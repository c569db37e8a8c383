namespace Puppylog.Pipeline;

/// <summary>The sources of a lane with records that may still go on, by when they have waited long enough.</summary>
/// <param name="filler">Takes the records that do not go on.</param>
/// <param name="joinWait">How long a record waits for its next line.</param>
/// <param name="clock">Times it.</param>
sealed class HeldFeeds(BatchFiller filler, TimeSpan joinWait, TimeProvider clock)
{
    /// <summary>Records whose time is up within this part of the wait are ended together.</summary>
    const int Together = 8;

    readonly HashSet<SourceFeed> _feeds = [];
    readonly PriorityQueue<SourceFeed, long> _due = new();

    public IReadOnlyCollection<SourceFeed> Feeds => _feeds;

    /// <summary>Takes note of whether a source has such a record.</summary>
    public void Note(SourceFeed feed)
    {
        if (feed.Joiner is not { HoldsLines: true })
        {
            _feeds.Remove(feed);
        }
        else if (_feeds.Add(feed))
        {
            Expect(feed, clock.GetTimestamp());
        }
    }

    public void Remove(SourceFeed feed) => _feeds.Remove(feed);

    /// <summary>Ends records that nothing was added to for long.</summary>
    public void Release()
    {
        var now = clock.GetTimestamp();
        while (_due.TryPeek(out var feed, out var due) && due <= now)
        {
            _due.Dequeue();
            feed.HasHeldTime = false;
            if (!_feeds.Contains(feed))
            {
                continue;
            }

            var joiner = feed.Joiner!;
            joiner.CompleteSilent(now - Wait);
            filler.AddJoined(feed, joiner);
            joiner.Trim();
            if (joiner.HoldsLines)
            {
                Expect(feed, joiner.OpenSince ?? now);
            }
            else
            {
                _feeds.Remove(feed);
            }
        }
    }

    /// <summary>How long the lane may wait for news.</summary>
    public TimeSpan WaitTime(TimeSpan most)
    {
        if (!_due.TryPeek(out _, out var due))
        {
            return most;
        }

        var left = clock.GetElapsedTime(clock.GetTimestamp(), due);
        var least = joinWait / Together;
        left = left < least ? least : left;
        return left < most ? left : most;
    }

    void Expect(SourceFeed feed, long since)
    {
        if (!feed.HasHeldTime)
        {
            feed.HasHeldTime = true;
            _due.Enqueue(feed, since + Wait);
        }
    }

    long Wait => (long)(joinWait.TotalSeconds * clock.TimestampFrequency);
}
