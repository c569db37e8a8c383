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

    /// <summary>How often a source is looked at that tells of news, in case that some were lost.</summary>
    static readonly TimeSpan Round = TimeSpan.FromSeconds(10);

    static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>So few sources are looked at each time: it costs less than to tell which.</summary>
    const int FewSources = 64;

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
    readonly List<SourceFeed> _feeds = [];
    readonly ConcurrentQueue<SourceFeed> _added = new();
    readonly LaneCommands _commands;
    readonly ConcurrentQueue<string> _failures = new();
    readonly Dictionary<LogSource, SourceFeed> _bySource = [];
    // To be looked at in the next step, and those of this one.
    HashSet<SourceFeed> _ready = [];
    HashSet<SourceFeed> _turn = [];
    readonly HashSet<SourceFeed> _holding = [];
    // Where the round over all sources is, and when it went on last.
    int _round;
    long _roundAt;
    // What was told last of bytes to be read, and when.
    long _remaining;
    long _remainingAt;
    volatile bool _hasEnded;

    public Lane(ILogStore store, CollectOptions options, CommitQueue commits, CollectCounters counters, ICollectReport report, TimeProvider clock)
    {
        _store = store;
        _options = options;
        _report = report;
        _commits = commits;
        _counters = counters;
        _clock = clock;
        _commands = new LaneCommands(_wake.Set);
        _filler = new BatchFiller(options, counters, report, clock);
        _roundAt = clock.GetTimestamp();
        Watcher = options.Watch ? FileWatcher.TryOpen(_wake.Set) : null;
    }

    /// <summary>Tells the lane's sources of changes; null where the system gives none, or nothing is followed.</summary>
    public FileWatcher? Watcher { get; }

    /// <summary>Ends the wait for news. May be called from any thread.</summary>
    public Action Wake => _wake.Set;

    public bool IsEnded => _added.IsEmpty && _commands.IsEmpty && _feeds.TrueForAll(feed => feed.Source.IsEnded);

    /// <summary>True where the last step found that no source has anything more. May be asked from any thread.</summary>
    public bool HasEnded => _hasEnded && _added.IsEmpty && _commands.IsEmpty;

    /// <summary>Sources that could not be read, or not to their end: one sentence each.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The sources, for who tells about them.</summary>
    public IReadOnlyList<SourceFeed> Feeds => _feeds;

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
        if (_bySource.ContainsKey(feed.Source))
        {
            _filler.Change(feed, settings);
            NoteHeld(feed);
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
        if (!_bySource.ContainsKey(feed.Source))
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

        if (_bySource.ContainsKey(feed.Source))
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
        GoRound();
        (_turn, _ready) = (_ready, _turn);
        var progressed = false;
        foreach (var feed in _turn)
        {
            progressed |= ReadTurn(feed);
            await SubmitFullAsync(cancellationToken);
        }

        _turn.Clear();
        ReleaseHeld();
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
        DrainAsync(_feeds.FindAll(feed => !feed.Source.IsReplayable && !feed.Source.IsEnded), cancellationToken);

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
        while (_filler.TryTakeRest(out var rest))
        {
            await _commits.SubmitAsync(rest, cancellationToken);
        }
    }

    /// <summary>Begins to store everything: of what waits for further lines, that which could not be read again.</summary>
    /// <exception cref="LogStoreException">An earlier commit failed.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var feed in _holding)
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
        foreach (var feed in _feeds)
        {
            feed.Dispose();
        }

        _feeds.Clear();
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
            _feeds.Add(feed);
            _bySource.Add(feed.Source, feed);
            _ready.Add(feed);
            feed.Source.Woken = source => _ready.Add(_bySource[source]);
        }
    }

    /// <summary>Makes sources ready that did not ask for it: all where they are few, else those whose turn in the round it is.</summary>
    void GoRound()
    {
        if (_feeds.Count <= FewSources || Watcher is null)
        {
            _ready.UnionWith(_feeds);
            return;
        }

        var elapsed = _clock.GetElapsedTime(_roundAt);
        var count = (int)Math.Min(_feeds.Count, Math.Ceiling(_feeds.Count * (elapsed / Round)));
        if (elapsed < WatchedPoll / 2)
        {
            return;
        }

        _roundAt = _clock.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            _round = (_round + 1) % _feeds.Count;
            _ready.Add(_feeds[_round]);
        }
    }

    bool ReadTurn(SourceFeed feed)
    {
        var source = feed.Source;
        source.Look();
        var progressed = false;
        for (var runs = 0; runs < RunsPerTurn && source.TryRead(out var run); runs++)
        {
            _filler.Add(feed, run);
            progressed = true;
        }

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

            NoteHeld(feed);
        }

        if (source.IsEnded)
        {
            if (feed.EndsAlone)
            {
                Drop(feed);
            }
        }
        else if (progressed || !source.TellsOfNews)
        {
            _ready.Add(feed);
        }

        return progressed;
    }

    void NoteHeld(SourceFeed feed)
    {
        if (feed.Joiner is { HoldsLines: true })
        {
            _holding.Add(feed);
        }
        else
        {
            _holding.Remove(feed);
        }
    }

    /// <summary>A file that is gone and was read to its end, or is not wanted any more.</summary>
    void Drop(SourceFeed feed)
    {
        _holding.Remove(feed);
        _feeds.Remove(feed);
        _bySource.Remove(feed.Source);
        _ready.Remove(feed);
        feed.Dispose();
        feed.Dropped?.Invoke();
    }

    /// <summary>Ends records that nothing was added to for long.</summary>
    void ReleaseHeld()
    {
        if (_holding.Count == 0)
        {
            return;
        }

        var before = _clock.GetTimestamp() - (long)(_options.JoinWait.TotalSeconds * _clock.TimestampFrequency);
        foreach (var feed in _holding)
        {
            feed.Joiner!.CompleteSilent(before);
            _filler.AddJoined(feed, feed.Joiner);
            feed.Joiner.Trim();
        }

        _holding.RemoveWhere(feed => !feed.Joiner!.HoldsLines);
    }

    /// <summary>Tells how much is still to be read, for progress.</summary>
    void TellRemaining()
    {
        if (_clock.GetElapsedTime(_remainingAt) >= ProgressInterval)
        {
            _remainingAt = _clock.GetTimestamp();
            var remaining = _feeds.Sum(feed => feed.Source.Remaining);
            _counters.AddRemaining(remaining - _remaining);
            _remaining = remaining;
        }
    }

    bool IsDue(bool progressed) =>
        _filler.Pending.Since is { } since && (_options.Watch || !progressed) && _clock.GetElapsedTime(since) >= FlushInterval;

    TimeSpan FlushInterval => _store.IsWatched ? _options.WatchedFlushInterval : _options.FlushInterval;

    async Task WaitAsync(CancellationToken cancellationToken)
    {
        var time = _options.Watch && Watcher is null ? UnwatchedPoll : WatchedPoll;
        foreach (var feed in _ready)
        {
            if (feed.Source.IsUndecided)
            {
                time = FollowedFile.DecisionTime / 2;
                break;
            }
        }

        if (_holding.Count > 0 && _options.JoinWait / 4 < time)
        {
            time = _options.JoinWait / 4;
        }

        if (_filler.Pending.Since is { } since)
        {
            var left = FlushInterval - _clock.GetElapsedTime(since);
            time = left < time ? left : time;
        }

        if (time > TimeSpan.Zero)
        {
            await _wake.WaitAsync(time, _clock, cancellationToken);
        }

        if (_options.Watch)
        {
            await Task.Delay(Gathering, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
