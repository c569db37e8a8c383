using System.Text.Json;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Outbox;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.Alerts.Watching;

/// <summary>
/// Evaluates the alerts of a store: commits and time in, kept states and notices out. Knows no clock. One caller at a time.
/// </summary>
/// <param name="directory">The data directory.</param>
/// <param name="store">Its alerts.</param>
/// <param name="keeper">Keeps what it comes to.</param>
/// <param name="samples">Finds lines of the cause.</param>
/// <param name="told">Takes what waits to be told: the notices are in the outbox when it returns.</param>
/// <param name="tell">Takes sentences for people.</param>
sealed class StoreEvaluation(
    string directory,
    AlertStore store,
    IAlertKeeper keeper,
    Func<AlertRule, AlertSignal, IEnumerable<string>>? samples,
    Action<IReadOnlyList<Notice>, AlertRule> told,
    Action<string> tell)
{
    /// <summary>What happened and tells nobody is kept after so long at the latest; a crash makes it happen again.</summary>
    static readonly TimeSpan KeepSignalsAfter = TimeSpan.FromSeconds(1);

    /// <summary>Where it stands is kept after so long, where nothing happens.</summary>
    static readonly TimeSpan KeepAfter = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _troubles = new(StringComparer.Ordinal);
    List<WatchedRule> _rules = [];
    ILookup<string, WatchedRule> _byMetric = Array.Empty<WatchedRule>().ToLookup(rule => "");
    readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    Dictionary<string, Silence> _silences = [];
    MetricTracker _tracker = new();
    AlertClock? _clock;
    (long Alerts, long Metrics) _revisions;
    TimeSpan _keptAt;
    long _heard;

    /// <summary>A rule that waits for the first record since it was made.</summary>
    bool _waits;

    /// <summary>Called with what the store has of alerts, when that has changed.</summary>
    public event Action<AlertsView>? Loaded;

    /// <summary>The second up to which it has evaluated; none before the first record.</summary>
    public long? Second => _clock?.Second;

    /// <summary>The last commit that was heard of.</summary>
    public long Heard => _heard;

    /// <summary>Evaluates what has come.</summary>
    /// <param name="commits">In order.</param>
    /// <param name="missed">True where some were left out.</param>
    /// <param name="now">What the clocks show.</param>
    /// <param name="goesOn">True where time goes on without records, and not only where these are live.</param>
    /// <exception cref="Storage.LogStoreException">The catalogue cannot be read or written; what happened is not lost.</exception>
    /// <exception cref="IOException">The outbox cannot be written; what is to be told is not lost.</exception>
    public async Task StepAsync(IReadOnlyList<CountedCommit> commits, bool missed, ClockReading now, bool goesOn)
    {
        if (_clock is null || missed || (_waits && commits.Count > 0) || IsBehind(commits))
        {
            await LoadAsync(now);
        }

        foreach (var commit in commits.Where(commit => commit.Last > _heard))
        {
            Hear(commit.Times, now);
            _tracker.Add(commit.Counts);
            _heard = commit.Last;
        }

        Add(_tracker.TakeChanged());
        if (goesOn || _clock!.IsLive(now.Wall))
        {
            _clock!.Tick(now.Wall, now.Elapsed);
        }

        Advance();
        await KeepAsync(now, isDue: false);
    }

    /// <summary>Looks whether rules, notifiers, silences or metrics have changed.</summary>
    /// <exception cref="Storage.LogStoreException">The catalogue cannot be read.</exception>
    public async Task LookAsync(ClockReading now)
    {
        if (_clock is null || StoreAlerts.Revisions(directory) != _revisions)
        {
            await LoadAsync(now);
        }
    }

    /// <summary>No more commits will come: evaluates to the end of what has, and keeps it.</summary>
    public async Task EndAsync(ClockReading now)
    {
        if (_clock is not null)
        {
            _clock.End();
            Advance();
            await KeepAsync(now, isDue: true);
        }
    }

    /// <summary>A silence that was in force for the last second and is lifted ends with that: time may have gone on before it was seen.</summary>
    long EndOf(KeptSilence kept) =>
        _clock!.Second is { } second && kept.Silence.Until <= second && _silences.TryGetValue(kept.Item.Name, out var before) && before.Until > second ? second + 1 : kept.Silence.Until;

    void Hear(IEnumerable<long> times, ClockReading now)
    {
        if (_clock!.Hear(times, now.Wall, now.Elapsed) && _clock.Second is { } second)
        {
            _rules.ForEach(rule => rule.Evaluation.SetBack(second));
        }
    }

    bool IsBehind(IReadOnlyList<CountedCommit> commits)
    {
        var next = _heard + 1;
        foreach (var commit in commits.Where(commit => commit.Last > _heard))
        {
            if (commit.First != next)
            {
                return true;
            }

            next = commit.Last + 1;
        }

        return false;
    }

    void Add(IEnumerable<Observation> observations)
    {
        // Those of a segment together: it is looked for once.
        foreach (var segment in observations.GroupBy(observation => (observation.Metric, observation.Segment)))
        {
            var (name, rules) = (segment.Key.Segment, _byMetric[segment.Key.Metric]);
            var period = rules.First().Evaluation.Rule.Metric.Period;
            var values = segment.Select(observation => (AlertMachine.Start(observation, period), observation.Value)).ToArray();
            _series[segment.Key.Metric].Of(name).Set(values);
            foreach (var rule in rules)
            {
                rule.Evaluation.Hear(name, values);
            }
        }
    }

    void Advance()
    {
        if (_clock!.Second is not { } second)
        {
            return;
        }

        foreach (var rule in _rules)
        {
            rule.Advance(second, _silences.Values);
        }

        foreach (var rules in _byMetric)
        {
            var from = rules.Min(rule => rule.Evaluation.RefillFrom);
            if (from > long.MinValue)
            {
                _tracker.Forget(rules.First().Metric, Nanoseconds(from));
                _series[rules.Key].DropBefore(from, segment => rules.Any(rule => rule.Evaluation.Watches(segment)));
            }
        }
    }

    async Task KeepAsync(ClockReading now, bool isDue)
    {
        var since = now.Elapsed - _keptAt;
        if (isDue ? _rules.Exists(rule => rule.HasMoved || rule.Notices.Count > 0)
            : _rules.Exists(rule => rule.Notices.Count > 0 || (rule.Signals.Count > 0 && since >= KeepSignalsAfter) || (rule.HasMoved && since >= KeepAfter)))
        {
            await KeepAsync(now);
        }
    }

    async Task KeepAsync(ClockReading now)
    {
        var moved = _rules.Where(rule => rule.HasMoved || rule.Notices.Count > 0).ToList();
        await keeper.KeepAsync(
            new(
                [.. moved.Select(rule => (rule.Kept.Item.Number, JsonSerializer.Serialize(rule.Evaluation.Keep(rule.Notices), AlertJson.Default.KeptAlert)))],
                [.. moved.SelectMany(rule => rule.Signals)],
                _clock!.Second is { } second ? new(second, _clock.WasLive, _heard) : null),
            CancellationToken.None);
        _keptAt = now.Elapsed;
        moved.ForEach(rule => rule.Keep());
        foreach (var rule in moved.Where(rule => rule.Notices.Count > 0))
        {
            told(rule.Notices, rule.Evaluation.Rule);
            rule.Notices.Clear();
        }
    }

    async Task LoadAsync(ClockReading now)
    {
        if (_clock is not null)
        {
            await KeepAsync(now, isDue: true);
        }

        // Before what is read: what changes meanwhile is read again.
        _revisions = StoreAlerts.Revisions(directory);
        var view = store.Read();
        var heardBefore = _clock is null ? view.Image.Mark?.Commit ?? FirstSince(view) : _heard;
        _clock ??= new AlertClock(view.Image.Mark?.Second, view.Image.Mark?.WasLive ?? false);
        Loaded?.Invoke(view);
        _silences = view.Silences.ToDictionary(kept => kept.Item.Name, kept => kept.Silence with { Until = EndOf(kept) }, StringComparer.Ordinal);
        var metrics = StoreMetrics.List(directory).ToDictionary(row => row.Id, row => (row.Number, MetricDefinition.Parse(row.Id, row.Definition)), StringComparer.Ordinal);
        _waits = false;
        _rules = [.. view.Rules.Select(kept => Watch(kept, metrics, now)).OfType<WatchedRule>()];
        _byMetric = _rules.ToLookup(rule => rule.Evaluation.Rule.Metric.Id);
        _heard = Fill(metrics) ?? view.Image.LastCommit;
        // No later than what was counted: time must not go on before the records of it are known.
        var times = StoreAlerts.Times(directory, heardBefore, _heard, Nanoseconds(now.Wall + AlertClock.Near));
        if (times.NewestAfter is { } newest)
        {
            Hear([SecondOf(times.NewestNear ?? newest), SecondOf(newest)], now);
        }
    }

    /// <summary>The commits before the oldest rule are nobody's.</summary>
    static long FirstSince(AlertsView view) => view.Rules.Count == 0 ? view.Image.LastCommit : view.Rules.Min(rule => rule.Item.Since);

    WatchedRule? Watch(KeptRule kept, Dictionary<string, (long Number, MetricDefinition Metric)> metrics, ClockReading now)
    {
        if (kept.Rule is not { } rule || !metrics.TryGetValue(rule.Metric.Id, out var metric))
        {
            Trouble($"alert {kept.Id} is not evaluated: {kept.Trouble ?? "its metric is gone"}");
            return null;
        }

        if (_rules.Find(known => known.Kept.Item.Number == kept.Item.Number && known.Kept.Item.Definition == kept.Item.Definition && known.Metric == metric.Number) is { } same)
        {
            return same;
        }

        var snapshot = kept.State?.States;
        if (snapshot is null && !Begins(kept.Item, now, out snapshot))
        {
            _waits = true;
            return null;
        }

        var watched = new WatchedRule(kept, metric.Number, new(rule, samples is null ? null : signal => samples(rule, signal), snapshot));
        watched.Notices.AddRange(kept.State?.Notices ?? []);
        return watched;
    }

    /// <summary>
    /// Where a new rule begins: with the first record after it was made, or now where time goes on. What was before fills its
    /// windows and is not judged. False where it waits for that.
    /// </summary>
    bool Begins(AlertItem item, ClockReading now, out AlertSnapshot? snapshot)
    {
        var times = StoreAlerts.Times(directory, item.Since, long.MaxValue, long.MaxValue);
        var before = times.NewestBefore is { } newest ? SecondOf(newest) : (long?)null;
        var first = times.OldestAfter is { } oldest ? SecondOf(oldest) - 1 : _clock!.IsLive(now.Wall) ? _clock.Second : null;
        snapshot = before is null || first is null ? null : new(Math.Max(before.Value, first.Value), [], []);
        return first is not null;
    }

    /// <summary>Reads what metrics have come to as of one commit, and returns it; null where there are none.</summary>
    long? Fill(Dictionary<string, (long Number, MetricDefinition Metric)> metrics)
    {
        _tracker = new();
        _series.Clear();
        foreach (var rules in _byMetric)
        {
            var series = _series[rules.Key] = new(rules.First().Evaluation.Rule.Metric);
            foreach (var rule in rules)
            {
                rule.Evaluation.Share(series);
            }
        }

        var from = _byMetric.ToDictionary(rules => rules.First().Metric, rules => Nanoseconds(rules.Min(rule => rule.Evaluation.RefillFrom)));
        var lengths = metrics.Values.ToDictionary(metric => metric.Number, metric => metric.Metric.PeriodLength * metric.Metric.ChunkPeriods);
        if (_rules.Count == 0 || StoreMetrics.Image(directory, row => from.TryGetValue(row.Number, out var first) ? (first / lengths[row.Number]) - 1 : null) is not { } image)
        {
            return null;
        }

        foreach (var rules in _byMetric)
        {
            _tracker.Follow(rules.First().Metric, metrics[rules.Key].Metric, from[rules.First().Metric]);
        }

        foreach (var bytes in image.Chunks.Select(chunk => chunk.Bytes).Concat(image.Counts))
        {
            _tracker.Add(bytes);
        }

        Add(_tracker.TakeChanged());
        return image.LastCommit;
    }

    void Trouble(string sentence)
    {
        if (_troubles.Add(sentence))
        {
            tell(sentence);
        }
    }

    static long SecondOf(long nanoseconds) => nanoseconds >= 0 ? nanoseconds / Timestamps.Second : ((nanoseconds + 1) / Timestamps.Second) - 1;

    static long Nanoseconds(long seconds) => seconds <= long.MinValue / Timestamps.Second ? long.MinValue : seconds >= long.MaxValue / Timestamps.Second ? long.MaxValue : seconds * Timestamps.Second;
}
