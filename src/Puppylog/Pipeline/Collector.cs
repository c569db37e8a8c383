using System.Collections.Concurrent;
using System.Collections.Immutable;
using Puppylog.Records;
using Puppylog.Sources;
using Puppylog.Sources.Globs;
using Puppylog.Sources.Native;
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
    // Who reads what was named, by its name.
    readonly Dictionary<string, PlacedFeed> _named = new(StringComparer.Ordinal);
    readonly Dictionary<string, PlacedFeed> _further = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _reconfiguring = new(1);
    readonly Lock _lock = new();
    // The files that are read because a pattern matches them, by path; changed under the lock, in step with the settings.
    readonly ConcurrentDictionary<string, PlacedFeed> _found = new(StringComparer.Ordinal);
    SourceSettings _settings;
    ImmutableList<GlobSource> _patterns = [];
    readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool _isChanging;
    PositionBook? _positions;
    readonly Func<string, bool> _isMatched;
    long _startedAt;
    int _nextLane;
    // For other threads: the lanes while they are there.
    volatile Lane[] _running = [];

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
        _settings = new SourceSettings(options.AllSources());
        _isMatched = path => _settings.IsMatched(path);
        _commits = new CommitQueue(store, options.Workers + 1, report, Counters, clock);
    }

    public CollectCounters Counters { get; } = new();

    /// <summary>Sources beside those that the options name. One that is named later is let go of, and opened as what is named.</summary>
    public IReadOnlyList<Func<SourceContext, LogSource>> FurtherSources { get; init; } = [];

    /// <summary>Another system's inotify; null for this one's.</summary>
    public Func<(IInotify? Inotify, int Error)>? OpenInotify { get; init; }

    /// <summary>Makes the source of a name that is no pattern; null: as <see cref="LogSources"/> does.</summary>
    public Func<string, SourceContext, LogSource>? Open { get; init; }

    /// <summary>What is being read.</summary>
    public IEnumerable<SourceFeed> Feeds => _lanes.SelectMany(lane => lane.Feeds);

    /// <summary>How the sources stand; empty before and after the run. May be asked from any thread.</summary>
    public IEnumerable<SourceState> States() => _running.SelectMany(lane => lane.States());

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
                await Task.WhenAll(_lanes.Select(lane => lane.DrainAsync(giveUp.Token)));
                await FinishAsync(giveUp.Token);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                unstored = Counters.Read - Counters.Joined - Counters.Stored - Counters.Invalid - Counters.Dropped;
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
        _startedAt = Timestamps.Now(TimeProvider.System);
        _positions = new PositionBook(kept.Where(position => position.IsLocal));
        var most = _settings.HasPatterns || _options.MayChange ? _options.Workers : Math.Min(_options.Workers, _settings.Sources.Count + FurtherSources.Count);
        var notification = new FileNotification(_report.Notice, OpenInotify);
        for (var i = 0; i < Math.Max(1, most); i++)
        {
            _lanes.Add(new Lane(_store, _options, _parsers, notification, _commits, Counters, _report, _clock));
        }

        foreach (var source in _settings.Sources)
        {
            Add(source);
        }

        foreach (var create in FurtherSources)
        {
            var lane = NextLane();
            var source = create(Context(lane, _options.Of("")));
            var feed = new SourceFeed(source, _options.Of(source.Name), _options, _report);
            _further.TryAdd(source.Name, new(lane, feed));
            lane.Add(feed);
        }

        _running = [.. _lanes];
        _opened.TrySetResult();
    }

    /// <summary>
    /// Reads other sources from now on, or the same with other settings. Sources that stay are not touched; changed settings
    /// hold from a record on; what is not named any more is stored as far as it was read. Ends when that is done.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run has ended, or <paramref name="cancellationToken"/>.</exception>
    public async Task ReconfigureAsync(IReadOnlyList<SourceOptions> sources, CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken);
        await _reconfiguring.WaitAsync(cancellationToken);
        _isChanging = true;
        try
        {
            var next = new SourceSettings(sources);
            List<PlacedFeed> found;
            lock (_lock)
            {
                _settings = next;
                found = [.. _found.Values];
            }

            // A file whose reader changes is let go of by the one before it is taken up by the other.
            await Task.WhenAll([.. RemoveNamed(next), .. ChangeFound(found, next), .. HandOver(next)]).WaitAsync(cancellationToken);
            foreach (var source in next.Sources)
            {
                if (_named.TryGetValue(source.Input, out var placed))
                {
                    await ChangeAsync(placed, source).WaitAsync(cancellationToken);
                }
                else
                {
                    Add(source);
                }
            }

            foreach (var pattern in _patterns)
            {
                // Files that another source has let go of.
                pattern.LookSoon();
            }
        }
        finally
        {
            _isChanging = false;
            _reconfiguring.Release();
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

        _running = [];
        _lanes.Clear();
        _commits.Dispose();
        _reconfiguring.Dispose();
        _opened.TrySetCanceled();
    }

    bool MoreMayCome =>
        _options.GoesOn || _patterns.Exists(pattern => !pattern.IsEnded) || _isChanging || (_options.MayChange && _lanes.Exists(lane => !lane.HasEnded));

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

    void Add(SourceOptions settings)
    {
        var lane = NextLane();
        var context = Context(lane, settings);
        if (LogSources.IsPattern(settings.Input))
        {
            var pattern = new GlobSource(settings.Input, LogSources.Patterns(settings.Input), settings.Excludes, context, Found);
            _patterns = _patterns.Add(pattern);
            Place(lane, pattern, settings);
            if (!_isChanging)
            {
                // A run that does not follow knows all its files before the first lane ends.
                pattern.Look();
            }
        }
        else
        {
            Place(lane, Open?.Invoke(settings.Input, context) ?? LogSources.Create(settings.Input, context, _standardInput), settings);
        }
    }

    void Place(Lane lane, LogSource source, SourceOptions settings)
    {
        var placed = new PlacedFeed(lane, new(source, settings, _options, _report));
        _named.Add(settings.Input, placed);
        lane.Add(placed.Feed);
    }

    IEnumerable<Task> RemoveNamed(SourceSettings next)
    {
        foreach (var (name, placed) in _named.ToList())
        {
            if (next.Find(name) is { } settings && placed.Feed.Source.Failure is null && (placed.Feed.Source is not GlobSource || settings.FindsAs(placed.Feed.Settings)))
            {
                continue;
            }

            _named.Remove(name);
            if (placed.Feed.Source is GlobSource pattern)
            {
                _patterns = _patterns.Remove(pattern);
            }

            yield return placed.Lane.RemoveAsync(placed.Feed);
        }
    }

    IEnumerable<Task> HandOver(SourceSettings next)
    {
        foreach (var (name, placed) in _further.ToList())
        {
            if (next.Find(name) is not null)
            {
                _further.Remove(name);
                yield return placed.Lane.RemoveAsync(placed.Feed, handsOver: true);
            }
        }
    }

    IEnumerable<Task> ChangeFound(List<PlacedFeed> found, SourceSettings next)
    {
        foreach (var placed in found)
        {
            yield return next.OfFile(placed.Feed.Source.Name) is { } settings ? ChangeAsync(placed, settings) : placed.Lane.RemoveAsync(placed.Feed);
        }
    }

    Task ChangeAsync(PlacedFeed placed, SourceOptions settings)
    {
        if (settings.TreatsLinesAs(placed.Feed.Settings))
        {
            return Task.CompletedTask;
        }

        if (settings.MaxLine > placed.Feed.Settings.MaxLine)
        {
            _report.Notice($"{settings.Input}: the longer max_line counts from the next start on");
        }

        return placed.Lane.ChangeAsync(placed.Feed, settings);
    }

    /// <summary>A file that a pattern matches, perhaps known already.</summary>
    /// <param name="isNew">True where it came after the pattern was looked for: it is read from its beginning.</param>
    void Found(string path, bool isNew)
    {
        lock (_lock)
        {
            if (_found.ContainsKey(path) || _settings.OfFile(path) is not { } settings)
            {
                return;
            }

            var lane = NextLane();
            var source = LogSources.CreateFound(path, settings.Input, Context(lane, settings) with { EndsWhenGone = _options.Watch, FromEnd = settings.FromEnd && !isNew }, _standardInput);
            var feed = new SourceFeed(source, settings, _options, _report) { EndsAlone = true, Dropped = () => _found.TryRemove(path, out _) };
            _found[path] = new(lane, feed);
            lane.Add(feed);
        }
    }

    SourceContext Context(Lane lane, SourceOptions settings) =>
        new(_options.Watch, settings.MaxLine, _positions!, lane.Watcher, lane.Wake, _report.Notice, _clock, settings.FromEnd) { StartedAt = _startedAt, IsMatched = _isMatched };

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
