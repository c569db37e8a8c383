using System.Collections.Concurrent;
using Puppylog.Sources;
using Puppylog.Sources.Globs;
using Puppylog.Storage;

namespace Puppylog.Pipeline;

/// <summary>
/// Reads sources, parses their lines and stores the records, each exactly once: a commit moves the positions of the sources by
/// exactly the lines that it accounts for.
/// </summary>
/// <remarks>Lanes read and parse; the store encodes beside them. See README.md.</remarks>
sealed class Collector : IDisposable
{
    readonly ILogStore _store;
    readonly CollectOptions _options;
    readonly ICollectReport _report;
    readonly TimeProvider _clock;
    readonly LineParserLookup _parsers;
    readonly Func<Stream> _standardInput;
    readonly CommitQueue _commits;
    readonly List<Lane> _lanes = [];
    readonly List<GlobSource> _patterns = [];
    // The files that are read because a pattern matches them, by path.
    readonly ConcurrentDictionary<string, SourceFeed> _found = new(StringComparer.Ordinal);
    PositionBook? _positions;
    int _nextLane;

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
        _commits = new CommitQueue(store, options.Workers + 1, report, Counters, clock);
    }

    public CollectCounters Counters { get; } = new();

    /// <summary>Sources beside those that the options name.</summary>
    public IReadOnlyList<Func<SourceContext, LogSource>> FurtherSources { get; init; } = [];

    /// <summary>What is being read.</summary>
    public IEnumerable<SourceFeed> Feeds => _lanes.SelectMany(lane => lane.Feeds);

    /// <summary>True when every source has been read to its end.</summary>
    public bool IsEnded => !MoreMayCome && _lanes.TrueForAll(lane => lane.IsEnded);

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
            using var limit = cancellationToken.Register(() => GiveUpLater(giveUp));
            var unstored = 0L;
            try
            {
                await RunLanesAsync(cancellationToken, giveUp.Token);
                await FinishAsync(giveUp.Token);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                unstored = Counters.Read - Counters.Stored - Counters.Invalid;
            }

            var failures = _lanes.SelectMany(lane => lane.Failures).ToList();
            return new CollectSummary(Counters, _clock.GetElapsedTime(started), failures, unstored);
        }
        finally
        {
            await giveUp.CancelAsync();
            await _commits.AbandonAsync();
            Dispose();
        }
    }

    /// <summary>Reads the kept positions and makes the sources ready; nothing of them is read yet.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var kept = await _store.ReadPositionsAsync(cancellationToken);
        _commits.Begin(kept);
        _positions = new PositionBook(kept.Where(position => position.IsLocal));
        var names = _options.Sources.Distinct(StringComparer.Ordinal).ToList();
        var most = names.Exists(LogSources.IsPattern) ? _options.Workers : Math.Min(_options.Workers, names.Count + FurtherSources.Count);
        for (var i = 0; i < Math.Max(1, most); i++)
        {
            _lanes.Add(new Lane(_store, _options, _commits, Counters, _report, _clock));
        }

        foreach (var name in names)
        {
            Add(name);
        }

        foreach (var create in FurtherSources)
        {
            var lane = NextLane();
            lane.Add(new SourceFeed(create(Context(lane)), _options, _parsers, _report));
        }
    }

    /// <summary>Lets each lane look at its sources once and read what they have, up to a bound; false where there was nothing.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        var progressed = false;
        foreach (var lane in _lanes)
        {
            progressed |= await lane.StepAsync(cancellationToken);
        }

        return progressed;
    }

    /// <summary>Stores what has been read.</summary>
    /// <exception cref="LogStoreException">A commit failed.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in _lanes)
        {
            await lane.FinishAsync(cancellationToken);
        }

        await _commits.TakeAllAsync(cancellationToken);
    }

    /// <summary>Lets go of the sources.</summary>
    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }

        _lanes.Clear();
        _commits.Dispose();
    }

    bool MoreMayCome => _patterns.Exists(pattern => !pattern.IsEnded);

    async Task RunLanesAsync(CancellationToken stop, CancellationToken giveUp)
    {
        if (_lanes is [var only])
        {
            await only.RunAsync(() => MoreMayCome, stop, giveUp);
            return;
        }

        // A lane that fails ends the others.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(_lanes.Select(lane => Task.Run(() => RunLaneAsync(lane, failed, giveUp), CancellationToken.None)));
    }

    async Task RunLaneAsync(Lane lane, CancellationTokenSource failed, CancellationToken giveUp)
    {
        try
        {
            await lane.RunAsync(() => MoreMayCome, failed.Token, giveUp);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    void Add(string name)
    {
        var lane = NextLane();
        var context = Context(lane);
        if (LogSources.IsPattern(name))
        {
            var pattern = new GlobSource(name, _options.Excludes, context, Found);
            _patterns.Add(pattern);
            lane.Add(new SourceFeed(pattern, _options, _parsers, _report));
            // A run that does not follow knows all its files before the first lane ends.
            pattern.Look();
        }
        else
        {
            lane.Add(new SourceFeed(LogSources.Create(name, context, _standardInput), _options, _parsers, _report));
        }
    }

    /// <summary>A file that a pattern matches, perhaps known already.</summary>
    void Found(string path)
    {
        if (_found.ContainsKey(path))
        {
            return;
        }

        var lane = NextLane();
        var source = LogSources.Create(path, Context(lane) with { EndsWhenGone = _options.Watch }, _standardInput);
        var feed = new SourceFeed(source, _options, _parsers, _report) { EndsAlone = true, Dropped = () => _found.TryRemove(path, out _) };
        if (_found.TryAdd(path, feed))
        {
            lane.Add(feed);
        }
    }

    SourceContext Context(Lane lane) =>
        new(_options.Watch, _options.MaxLine, _positions!, lane.Watcher, lane.Wake, _report.Notice, _clock, _options.FromEnd);

    Lane NextLane() => _lanes[(int)((uint)Interlocked.Increment(ref _nextLane) % (uint)_lanes.Count)];

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
