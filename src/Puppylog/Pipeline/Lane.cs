using System.Collections.Concurrent;
using Puppylog.Sources;
using Puppylog.Sources.Files;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>
/// One loop that reads and parses: some of the sources, one after the other. A source stays in its lane, so that its lines
/// stay in order.
/// </summary>
sealed class Lane : IDisposable
{
    static readonly TimeSpan WatchedPoll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan UnwatchedPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>After news from a followed file: further ones within this time are read in one go.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>The same while news come one by one, and a step costs more than what it reads.</summary>
    static readonly TimeSpan TrickleGathering = TimeSpan.FromMilliseconds(50);

    /// <summary>How close commits come while somebody follows them and news come one by one.</summary>
    static readonly TimeSpan TrickleFlush = TimeSpan.FromMilliseconds(100);

    /// <summary>Lines with which a step or a commit is worth its cost.</summary>
    const int WorthyLines = 100;

    static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs of one source that are read before it is the others' turn.</summary>
    const int RunsPerTurn = 8;

    readonly ILogStore _store;
    readonly CollectOptions _options;
    readonly ICollectReport _report;
    readonly CommitQueue _commits;
    readonly CollectCounters _counters;
    readonly TimeProvider _clock;
    readonly WakeSignal _wake = new();
    readonly BatchFiller _filler;
    readonly LookSchedule _schedule;
    readonly HeldFeeds _held;
    readonly ConcurrentQueue<SourceFeed> _added = new();
    readonly LaneCommands _commands;
    readonly ConcurrentQueue<string> _failures = new();
    // Bytes to be read, what was told last of them, and when.
    long _remaining;
    long _toldRemaining;
    long _remainingAt;
    // When the lane read something last, and how many lines.
    long _steppedAt;
    long _stepLines;
    long _flushedAt;
    volatile bool _hasEnded;

    public Lane(ILogStore store, CollectOptions options, LineParserLookup parsers, FileNotification notification, CommitQueue commits, CollectCounters counters, ICollectReport report, TimeProvider clock)
    {
        _store = store;
        _options = options;
        _report = report;
        _commits = commits;
        _counters = counters;
        _clock = clock;
        _commands = new LaneCommands(_wake.Set);
        _filler = new BatchFiller(options, parsers, counters, report, clock);
        _schedule = new LookSchedule(clock);
        _held = new HeldFeeds(_filler, options.JoinWait, clock);
        _steppedAt = _flushedAt = clock.GetTimestamp() - clock.TimestampFrequency;
        Watcher = options.Watch ? notification.TryOpen(_wake.Set) : null;
    }

    /// <summary>Tells the lane's sources of changes; null where the system gives none, or nothing is followed.</summary>
    public FileWatcher? Watcher { get; }

    /// <summary>Ends the wait for news. May be called from any thread.</summary>
    public Action Wake => _wake.Set;

    public bool IsEnded => _added.IsEmpty && _commands.IsEmpty && Feeds.All(feed => feed.Source.IsEnded);

    /// <summary>True where the last step found that no source has anything more. May be asked from any thread.</summary>
    public bool HasEnded => _hasEnded && _added.IsEmpty && _commands.IsEmpty;

    /// <summary>Sources that could not be read, or not to their end: one sentence each.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The sources, for who tells about them.</summary>
    public IReadOnlyList<SourceFeed> Feeds => _schedule.Feeds;

    /// <summary>How its sources stand. May be asked from any thread.</summary>
    public IEnumerable<SourceState> States() => _schedule.Snapshot().Select(SourceState.Of);

    /// <summary>Takes up a source. May be called from any thread.</summary>
    public void Add(SourceFeed feed)
    {
        _added.Enqueue(feed);
        _wake.Set();
    }

    /// <summary>Lets other settings hold for a source, between two of its records. May be called from any thread.</summary>
    /// <exception cref="OperationCanceledException">The lane has ended.</exception>
    public Task ChangeAsync(SourceFeed feed, SourceOptions settings) => _commands.PostAsync(_ =>
    {
        if (_schedule.Has(feed))
        {
            _filler.Change(feed, settings);
            _held.Note(feed);
        }

        return Task.CompletedTask;
    });

    /// <summary>
    /// Lets go of a source: what was read of it is handed on to be stored, before another reads the same file. May be called
    /// from any thread.
    /// </summary>
    /// <param name="handsOver">True where another goes on with it, so that nothing has to be read out.</param>
    /// <exception cref="OperationCanceledException">The lane has ended.</exception>
    public Task RemoveAsync(SourceFeed feed, bool handsOver = false) => _commands.PostAsync(async cancellationToken =>
    {
        if (!_schedule.Has(feed))
        {
            return;
        }

        if (!handsOver && feed.Source is { IsReadOut: true, IsEnded: false })
        {
            await DrainAsync([feed], cancellationToken);
        }

        if (feed.Joiner is { } joiner)
        {
            joiner.CompleteAll();
            _filler.AddJoined(feed, joiner);
        }

        if (_schedule.Has(feed))
        {
            Drop(feed);
        }

        await FlushAsync(cancellationToken);
    });

    /// <summary>Reads until the sources end or <paramref name="stop"/>; breaks off a commit that it waits for on <paramref name="giveUp"/>.</summary>
    /// <param name="staysOpen">True while further sources may come.</param>
    public async Task RunAsync(Func<bool> staysOpen, CancellationToken stop, CancellationToken giveUp)
    {
        try
        {
            Watcher?.Start();
            while (!stop.IsCancellationRequested)
            {
                var progressed = await StepAsync(giveUp);
                _hasEnded = IsEnded;
                if (_hasEnded && !staysOpen())
                {
                    return;
                }

                if (!progressed)
                {
                    await WaitAsync(stop);
                }
            }
        }
        finally
        {
            _commands.Close();
        }
    }

    /// <summary>Looks at the sources that may have news and reads what they have, up to a bound; false where there was nothing.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        TakeAdded();
        await _commands.DoAllAsync(cancellationToken);
        Watcher?.Drain();
        var progressed = false;
        var lines = _filler.Lines;
        foreach (var feed in _schedule.Take())
        {
            progressed |= ReadTurn(feed);
            await SubmitFullAsync(cancellationToken);
        }

        if (progressed)
        {
            _steppedAt = _clock.GetTimestamp();
            _stepLines = _filler.Lines - lines;
        }

        _held.Release();
        if (IsDue(progressed))
        {
            await FlushAsync(cancellationToken);
        }

        TellRemaining();
        await _commits.TakeEndedAsync(cancellationToken);
        return progressed;
    }

    /// <summary>The run ends: reads what sources hold that could not be read again.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        DrainAsync(_schedule.Feeds.FindAll(feed => !feed.Source.IsReplayable && !feed.Source.IsEnded), cancellationToken);

    async Task DrainAsync(List<SourceFeed> feeds, CancellationToken cancellationToken)
    {
        feeds.ForEach(feed => feed.Source.Stop());
        while (feeds.Count > 0)
        {
            var progressed = false;
            foreach (var feed in feeds)
            {
                progressed |= ReadTurn(feed);
                await SubmitFullAsync(cancellationToken);
            }

            feeds.RemoveAll(feed => feed.Source.IsEnded);
            if (!progressed && feeds.Count > 0)
            {
                await _wake.WaitAsync(DrainPoll, _clock, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Begins to store what has been read so far.</summary>
    /// <exception cref="LogStoreException">An earlier commit failed.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        _flushedAt = _clock.GetTimestamp();
        while (_filler.TryTakeRest(out var rest))
        {
            await _commits.SubmitAsync(rest, cancellationToken);
        }
    }

    /// <summary>Begins to store everything: of what waits for further lines, that which could not be read again.</summary>
    /// <exception cref="LogStoreException">An earlier commit failed.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var feed in _held.Feeds)
        {
            if (!feed.Source.IsReplayable)
            {
                feed.Joiner!.CompleteAll();
                _filler.AddJoined(feed, feed.Joiner);
            }
        }

        await FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        _commands.Close();
        TakeAdded();
        foreach (var feed in Feeds)
        {
            feed.Dispose();
        }

        _schedule.Clear();
        Watcher?.Dispose();
    }

    async Task SubmitFullAsync(CancellationToken cancellationToken)
    {
        while (_filler.TryTakeFull(out var full))
        {
            await _commits.SubmitAsync(full, cancellationToken);
        }
    }

    void TakeAdded()
    {
        while (_added.TryDequeue(out var feed))
        {
            _schedule.Add(feed);
        }
    }

    bool ReadTurn(SourceFeed feed)
    {
        var source = feed.Source;
        source.Look();
        var runs = 0;
        for (; runs < RunsPerTurn && source.TryRead(out var run); runs++)
        {
            _filler.Add(feed, run);
        }

        _remaining += source.Remaining - feed.Remaining;
        feed.Remaining = source.Remaining;

        if (source.Failure is { } failure && !feed.HasToldFailure)
        {
            feed.HasToldFailure = true;
            _failures.Enqueue(failure);
            _report.Notice(failure);
        }

        if (feed.Joiner is { } joiner)
        {
            if (source.IsEnded)
            {
                joiner.CompleteAll();
                _filler.AddJoined(feed, joiner);
            }

            _held.Note(feed);
        }

        if (source.IsEnded)
        {
            if (feed.EndsAlone)
            {
                Drop(feed);
            }
        }
        else
        {
            _schedule.Note(feed, hasMore: runs == RunsPerTurn, hadNews: runs > 0);
        }

        return runs > 0;
    }

    /// <summary>A file that is gone and was read to its end, or is not wanted any more.</summary>
    void Drop(SourceFeed feed)
    {
        _held.Remove(feed);
        _schedule.Remove(feed);
        _remaining -= feed.Remaining;
        feed.Remaining = 0;
        feed.Dispose();
        feed.Dropped?.Invoke();
    }

    /// <summary>Tells how much is still to be read, for progress.</summary>
    void TellRemaining()
    {
        if (_clock.GetElapsedTime(_remainingAt) >= ProgressInterval)
        {
            _remainingAt = _clock.GetTimestamp();
            _counters.AddRemaining(_remaining - _toldRemaining);
            _toldRemaining = _remaining;
        }
    }

    bool IsDue(bool progressed) =>
        _filler.Pending.Since is { } since && (_options.Watch || !progressed) && FlushTime(since) <= TimeSpan.Zero;

    /// <summary>How long what was read since a time may wait for others to be stored with.</summary>
    TimeSpan FlushTime(long since)
    {
        if (!_store.IsWatched)
        {
            return _options.FlushInterval - _clock.GetElapsedTime(since);
        }

        var left = _options.WatchedFlushInterval - _clock.GetElapsedTime(since);
        var trickle = TrickleFlush - _clock.GetElapsedTime(_flushedAt);
        return trickle > left && _filler.Pending.Lines < WorthyLines ? trickle : left;
    }

    async Task WaitAsync(CancellationToken cancellationToken)
    {
        var time = _held.WaitTime(_schedule.WaitTime(_options.Watch && Watcher is null ? UnwatchedPoll : WatchedPoll));
        if (_filler.Pending.Since is { } since)
        {
            var left = FlushTime(since);
            time = left < time ? left : time;
        }

        if (time > TimeSpan.Zero)
        {
            await _wake.WaitAsync(time, _clock, cancellationToken);
        }

        if (_options.Watch)
        {
            var trickle = _stepLines < WorthyLines ? TrickleGathering - _clock.GetElapsedTime(_steppedAt) : default;
            await Task.Delay(trickle > Gathering ? trickle : Gathering, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
