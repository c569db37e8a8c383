using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>
/// Reads sources, parses their lines and stores the records, each exactly once: a commit moves the positions of the sources by
/// exactly the lines that it accounts for.
/// </summary>
/// <remarks>One loop reads and parses; the store encodes beside it. See README.md.</remarks>
sealed class Collector
{
    static readonly TimeSpan WatchedPoll = TimeSpan.FromSeconds(1);
    static readonly TimeSpan UnwatchedPoll = TimeSpan.FromMilliseconds(250);

    /// <summary>After news from a followed file: further ones within this time are read in one go.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs of one source that are read before it is the others' turn.</summary>
    const int RunsPerTurn = 8;

    readonly ILogStore _store;
    readonly CollectOptions _options;
    readonly ICollectReport _report;
    readonly TimeProvider _clock;
    readonly LineParserLookup _parsers;
    readonly Func<Stream> _standardInput;
    readonly WakeSignal _wake = new();
    readonly BatchFiller _filler;
    readonly CommitQueue _commits;
    readonly List<SourceFeed> _feeds = [];
    FileWatcher? _watcher;

    /// <param name="standardInput">Opens stdin; called where a source is <c>-</c>.</param>
    public Collector(
        ILogStore store, CollectOptions options, LineParserLookup parsers, ICollectReport report, Func<Stream> standardInput, TimeProvider clock)
    {
        _store = store;
        _options = options;
        _parsers = parsers;
        _report = report;
        _standardInput = standardInput;
        _clock = clock;
        _filler = new BatchFiller(options, Counters, report, clock);
        _commits = new CommitQueue(store, report, Counters, clock);
    }

    public CollectCounters Counters { get; } = new();

    /// <summary>True when every source has been read to its end.</summary>
    public bool IsEnded => _feeds.TrueForAll(feed => feed.Source.IsEnded);

    /// <summary>
    /// Collects until the sources end, or until cancelled: then everything that was read is stored and the run ends well.
    /// </summary>
    /// <exception cref="LogStoreException">The store cannot take it.</exception>
    public async Task<CollectSummary> RunAsync(CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        // Commits under way are not the user's to break off, only to wait for.
        using var giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        try
        {
            await OpenAsync(cancellationToken);
            _watcher?.Start();
            using var limit = cancellationToken.Register(() => GiveUpLater(giveUp));
            var unstored = 0L;
            try
            {
                await CollectAsync(cancellationToken, giveUp.Token);
                await FinishAsync(giveUp.Token);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                unstored = Counters.Read - Counters.Stored - Counters.Invalid;
            }

            var failures = _feeds.Select(feed => feed.Source.Failure).OfType<string>().ToList();
            return new CollectSummary(Counters, _clock.GetElapsedTime(started), failures, unstored);
        }
        finally
        {
            await giveUp.CancelAsync();
            await _commits.AbandonAsync();
            Close();
        }
    }

    /// <summary>Reads the kept positions and makes the sources ready; nothing of them is read yet.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var kept = await _store.ReadPositionsAsync(cancellationToken);
        _commits.Begin(kept);
        _watcher = _options.Watch ? FileWatcher.TryOpen(_wake.Set) : null;
        var context = new SourceContext(_options.Watch, _options.MaxLine, new PositionBook(kept), _watcher, _wake.Set, _report.Notice, _clock);
        foreach (var source in LogSources.Create(_options.Sources, context, _standardInput))
        {
            _feeds.Add(new SourceFeed(source, _options, _parsers, _report));
        }
    }

    /// <summary>Looks at every source once and reads what it has, up to a bound; false where there was nothing.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var progressed = false;
        _watcher?.Drain();
        foreach (var feed in _feeds)
        {
            var failed = feed.Source.Failure;
            feed.Source.Look();
            progressed |= ReadTurn(feed);
            if (feed.Source.Failure is { } failure && failed is null)
            {
                _report.Notice(failure);
            }

            while (_filler.TryTakeFull(out var full))
            {
                await _commits.SubmitAsync(full, cancellationToken);
            }
        }

        Counters.Remaining = _feeds.Sum(feed => feed.Source.Remaining);
        if (IsDue(progressed))
        {
            await FlushAsync(cancellationToken);
        }

        await _commits.TakeEndedAsync(cancellationToken);
        return progressed;
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

    /// <summary>Stores what has been read.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await _commits.TakeAllAsync(cancellationToken);
    }

    /// <summary>Lets go of the sources.</summary>
    public void Close()
    {
        foreach (var feed in _feeds)
        {
            feed.Dispose();
        }

        _feeds.Clear();
        _watcher?.Dispose();
        _watcher = null;
    }

    /// <summary>Reads until the sources end or <paramref name="stop"/>; breaks off a commit that it waits for on <paramref name="giveUp"/>.</summary>
    async Task CollectAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            var progressed = await StepAsync(giveUp);
            if (IsEnded)
            {
                return;
            }

            if (!progressed)
            {
                await WaitAsync(stop);
            }
        }
    }

    bool ReadTurn(SourceFeed feed)
    {
        for (var runs = 0; runs < RunsPerTurn; runs++)
        {
            if (!feed.Source.TryRead(out var run))
            {
                return runs > 0;
            }

            _filler.Add(feed, run);
        }

        return true;
    }

    bool IsDue(bool progressed) =>
        _filler.Pending.Since is { } since && (_options.Watch || !progressed) && _clock.GetElapsedTime(since) >= FlushInterval;

    TimeSpan FlushInterval => _store.IsWatched ? _options.WatchedFlushInterval : _options.FlushInterval;

    async Task WaitAsync(CancellationToken cancellationToken)
    {
        var time = _options.Watch && _watcher is null ? UnwatchedPoll : WatchedPoll;
        if (_feeds.Exists(feed => feed.Source.IsUndecided))
        {
            time = FollowedFile.DecisionTime / 2;
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

    void GiveUpLater(CancellationTokenSource giveUp)
    {
        try
        {
            giveUp.CancelAfter(_options.LastCommits);
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }
}
