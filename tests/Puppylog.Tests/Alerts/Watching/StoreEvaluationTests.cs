using Puppylog.Alerts;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Outbox;
using Puppylog.Alerts.Rules;
using Puppylog.Alerts.Watching;
using Puppylog.Metrics;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Metrics;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Watching;

/// <summary>Rules on a real store, with lives that end anywhere.</summary>
public sealed class StoreEvaluationTests : IDisposable
{
    const long Start = 1_800_000_000;

    readonly TemporaryDirectory _directory = new();
    readonly EmbeddedStoreOptions _options;
    readonly List<CountedCommit> _commits = [];
    readonly MemoryOutbox _outbox = new();
    readonly List<string> _told = [];

    /// <summary>How many keeps and tells still succeed before the evaluating process dies.</summary>
    int _life = int.MaxValue;

    TimeSpan _elapsed;

    public StoreEvaluationTests() => _options = new(TimeProvider.System)
    {
        Metrics = () => new MetricEngine(),
        UpkeepInterval = Timeout.InfiniteTimeSpan,
        Follower = (_, _, _) => new Followed(_commits),
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    AlertStore Alerts => new(_directory.Data, TimeProvider.System);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    public async Task Crossings_with_noise_are_told_and_kept_as_a_computation_over_the_log_says(int? recoverBelow)
    {
        var log = Noisy(new Random(5));
        await using var store = await OpenAsync();
        Alerts.Add(AlertDraft.TotalTraffic with { RecoverBelow = recoverBelow });
        await PlayAsync(store, log, new Random(7));
        var expected = Crossings(log, 120, 10, recoverBelow ?? 10);
        Assert.Equal(expected, _told);
        Assert.True(recoverBelow is null ? expected.Count > 6 : expected.Count == 6, $"{expected.Count} crossings are not what this test is about");
        var rule = Alerts.Read().Find("totaltraffic")!;
        Assert.Equal(expected, Alerts.History(rule).Select(signal => signal.Message));
        Assert.Equal(expected, Alerts.History(rule, told: true).Select(signal => signal.Message));
    }

    [Fact]
    public async Task Lives_that_end_anywhere_neither_forget_nor_tell_twice()
    {
        var log = Noisy(new Random(5));
        var expected = Crossings(log, 120, 10, 10);
        await using var store = await OpenAsync();
        Alerts.Add(AlertDraft.TotalTraffic);
        var random = new Random(3);
        await PlayAsync(store, log, random, steps: () => random.Next(1, 6));
        Assert.Equal(expected, _told);
        Assert.Equal(expected.Count, _told.Count);
        Assert.Equal(expected, Alerts.History(Alerts.Read().Find("totaltraffic")!).Select(signal => signal.Message));
    }

    [Fact]
    public async Task New_rule_judges_from_the_next_record_on_with_windows_that_know_what_was_before()
    {
        await using var store = await OpenAsync();
        var evaluation = Evaluate(store);
        await CommitAsync(store, Enumerable.Repeat(Start, 3000));
        await StepAsync(evaluation);
        // 25 a second on average: it would have fired, had it been there.
        Alerts.Add(AlertDraft.TotalTraffic);
        await evaluation.LookAsync(Now(Start));
        await StepAsync(evaluation);
        Assert.Empty(_told);
        await CommitAsync(store, [Start + 60]);
        await StepAsync(evaluation);
        Assert.Equal(["High traffic generated an alert - hits = 25, triggered at 2027-01-15T08:01:00Z"], _told);
    }

    [Fact]
    public async Task Whole_of_a_metric_with_segments_is_what_the_metric_without_them_is()
    {
        await using var store = await OpenAsync();
        var metrics = new MetricStore(_directory.Data, _options);
        await metrics.CreateAsync([new MetricRequest("whole", "p90", "bytes", 10, 10, [], "*").Check(0), new MetricRequest("parts", "p90", "bytes", 10, 10, ["section"], "*").Check(0)], Cancellation);
        Alerts.Add(
            new() { Id = "a", Metric = "whole", Window = 10, Above = 50, ValueName = "v" }, new() { Id = "b", Metric = "parts", Window = 10, Above = 50, ValueName = "v" },
            new() { Id = "c", Metric = "parts", Window = 10, Above = 98, ValueName = "v", PerSegment = true });
        var evaluation = Evaluate(store);
        var random = new Random(2);
        for (var i = 0; i < 40; i++)
        {
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. Enumerable.Range(0, 20).Select(_ =>
                new TrafficBatch.Hit($"/s{random.Next(5)}/x", Bytes: $"{random.Next(i % 13 * 10)}", Second: Start + (i * 7)))])), Cancellation);
            await StepAsync(evaluation);
        }

        var whole = _told.Where(message => message.StartsWith("a ", StringComparison.Ordinal)).Select(message => message[1..]).ToList();
        Assert.True(whole.Count > 3);
        Assert.Equal(whole, _told.Where(message => message.StartsWith("b ", StringComparison.Ordinal)).Select(message => message[1..]));
        Assert.Contains(_told, message => message.StartsWith("c (/s", StringComparison.Ordinal));
        foreach (var id in (string[])["a", "b", "c"])
        {
            var replay = new AlertReplay(Alerts.Read().Find(id)!.Rule!, null, null);
            var observer = new MetricObserver(_directory.Data, _options);
            var kept = await observer.ReadAsync(id == "a" ? "whole" : "parts", replay.From, replay.To, fromRecords: false, Cancellation);
            Assert.Equal(kept, await observer.ReadAsync(id == "a" ? "whole" : "parts", replay.From, replay.To, fromRecords: true, Cancellation));
            Assert.NotEmpty(replay.Run(kept!));
        }
    }

    [Fact]
    public async Task Late_records_correct_the_history_and_no_notice()
    {
        await using var store = await OpenAsync();
        Alerts.Add(AlertDraft.TotalTraffic with { Window = 10, Above = 2 });
        var evaluation = Evaluate(store);
        await CommitAsync(store, Enumerable.Range(0, 20).Select(second => Start + second));
        await StepAsync(evaluation);
        Assert.Empty(_told);
        // Half a minute late: the window would have had 30 more.
        await CommitAsync(store, [Start + 40]);
        await StepAsync(evaluation);
        await CommitAsync(store, Enumerable.Repeat(Start + 10, 30));
        await StepAsync(evaluation);
        await CommitAsync(store, [Start + 200]);
        await StepAsync(evaluation);
        await evaluation.EndAsync(Now(Start + 200));
        Assert.Empty(_told);
        Assert.Equal(["firing", "recovered"], Alerts.History(Alerts.Read().Find("totaltraffic")!).Select(signal => signal.Kind));
    }

    [Fact]
    public async Task Commits_that_were_not_heard_of_are_read_from_the_catalogue()
    {
        var log = Noisy(new Random(9));
        await using var store = await OpenAsync();
        Alerts.Add(AlertDraft.TotalTraffic);
        var random = new Random(3);
        await PlayAsync(store, log, random, lose: () => random.Next(3) == 0);
        Assert.Equal(Crossings(log, 120, 10, 10), _told);
    }

    [Fact]
    public async Task Rules_metrics_and_silences_may_come_and_go_while_it_runs()
    {
        await using var store = await OpenAsync();
        var evaluation = Evaluate(store);
        Alerts.Add(new AlertDraft { Id = "a", Metric = "later", Window = 10, Above = 1, ValueName = "v" });
        await CommitAsync(store, Enumerable.Repeat(Start, 100));
        await LookAsync(evaluation);
        Assert.Equal(["alert a is not evaluated: there is no metric later; there are total_traffic"], _sentences);
        await new MetricStore(_directory.Data, _options).CreateAsync([new MetricRequest("later", "count", null, 1, 1, [], "*").Check(0)], Cancellation);
        Alerts.Add(new Silence("a", null, Start, Start + 1000, "x"));
        await CommitAsync(store, Enumerable.Repeat(Start + 1, 100));
        await LookAsync(evaluation);
        Assert.Empty(_told);
        // Seen after time had gone on.
        Assert.Equal(1, await LiftAsync(Start - 5));
        await CommitAsync(store, [Start + 6]);
        await LookAsync(evaluation);
        Assert.Equal(["a generated an alert - v = 20, triggered at 2027-01-15T08:00:01Z"], _told);
        Assert.True(Alerts.Delete("a"));
        await CommitAsync(store, [Start + 100]);
        await LookAsync(evaluation);
        Assert.Single(_told);
        Assert.Empty(Alerts.Read().Image.States);
    }

    readonly List<string> _sentences = [];

    async Task LookAsync(StoreEvaluation evaluation)
    {
        await evaluation.LookAsync(Now(Start));
        await StepAsync(evaluation);
    }

    Task<int> LiftAsync(long second)
    {
        var clock = new Played.PlayedClock(DateTimeOffset.FromUnixTimeSeconds(second));
        return Task.FromResult(new AlertStore(_directory.Data, clock).Lift("a", "me"));
    }

    /// <summary>Seconds with their hits: three times over the threshold, with noise around it at each edge.</summary>
    static Dictionary<long, int> Noisy(Random random)
    {
        var log = new Dictionary<long, int>();
        for (var second = 0; second < 3000; second++)
        {
            var level = (second % 1000) switch { < 300 => 5, < 420 => 10, < 600 => 15, < 720 => 10, _ => 4 };
            var hits = Math.Max(0, level + random.Next(-4, 5));
            if (hits > 0)
            {
                log.Add(Start + second, hits);
            }
        }

        return log;
    }

    /// <summary>The messages by a computation as straightforward as can be: each second, the average of the seconds before.</summary>
    static List<string> Crossings(Dictionary<long, int> log, int window, int above, int recoverBelow)
    {
        var messages = new List<string>();
        var isFiring = false;
        for (var second = Start; second <= log.Keys.Max(); second++)
        {
            var sum = 0;
            for (var before = second - window; before < second; before++)
            {
                sum += log.GetValueOrDefault(before);
            }

            if (isFiring ? sum < recoverBelow * window : sum > above * window)
            {
                isFiring = !isFiring;
                var value = Math.Round((decimal)sum / window, 2, MidpointRounding.AwayFromZero).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
                var time = DateTimeOffset.FromUnixTimeSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
                messages.Add(isFiring ? $"High traffic generated an alert - hits = {value}, triggered at {time}" : $"High traffic alert recovered - hits = {value}, recovered at {time}");
            }
        }

        return messages;
    }

    /// <summary>Stores a log in commits of all sizes, and evaluates now and then in lives of so many steps each.</summary>
    async Task PlayAsync(LocalStore store, Dictionary<long, int> log, Random random, Func<int>? steps = null, Func<bool>? lose = null)
    {
        var lines = log.OrderBy(second => second.Key).SelectMany(second => Enumerable.Repeat(second.Key, second.Value)).ToArray();
        StoreEvaluation? evaluation = null;
        for (var at = 0; at < lines.Length;)
        {
            var count = Math.Min(lines.Length - at, random.Next(1, 2000));
            await CommitAsync(store, lines[at..(at + count)]);
            at += count;
            if (at < lines.Length && lose?.Invoke() == true)
            {
                _commits.Clear();
            }

            while (random.Next(2) == 0 || at == lines.Length)
            {
                try
                {
                    if (evaluation is null)
                    {
                        _life = steps?.Invoke() ?? int.MaxValue;
                        evaluation = Evaluate(store);
                    }

                    await StepAsync(evaluation);
                    if (at == lines.Length)
                    {
                        await evaluation.EndAsync(Now(Start));
                    }

                    break;
                }
                catch (IOException)
                {
                    // What it had heard of goes with it.
                    _commits.Clear();
                    evaluation = null;
                }
            }
        }
    }

    StoreEvaluation Evaluate(LocalStore store) => new(
        _directory.Data, Alerts, new Mortal(store, this), null,
        (notices, _) =>
        {
            Die();
            if (_outbox.Put(["x"], notices) > 0)
            {
                foreach (var notice in _outbox.Pending("x", 1000))
                {
                    _told.Add(notice.Message);
                    _outbox.Told("x", [notice.Key]);
                }
            }
        },
        _sentences.Add);

    async Task StepAsync(StoreEvaluation evaluation)
    {
        _elapsed += TimeSpan.FromSeconds(1);
        CountedCommit[] commits = [.. _commits];
        await evaluation.StepAsync(commits, missed: false, Now(Start), goesOn: false);
        _commits.Clear();
    }

    /// <summary>A wall clock years away from the log.</summary>
    ClockReading Now(long second) => new(second + 100_000_000, _elapsed);

    void Die()
    {
        if (_life-- <= 0)
        {
            throw new IOException("the process died");
        }
    }

    static Task CommitAsync(LocalStore store, IEnumerable<long> seconds) =>
        store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. seconds.Select(second => new TrafficBatch.Hit("/a/b", Second: second))])), Cancellation);

    async Task<LocalStore> OpenAsync()
    {
        var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
        await new MetricStore(_directory.Data, _options).CreateAsync([MetricRequest.Defaults[0].Check(0)], Cancellation);
        return store;
    }

    sealed class Mortal(IAlertKeeper keeper, StoreEvaluationTests test) : IAlertKeeper
    {
        public Task KeepAsync(AlertProgressChange change, CancellationToken cancellationToken)
        {
            test.Die();
            return keeper.KeepAsync(change, cancellationToken);
        }
    }

    sealed class Followed(List<CountedCommit> commits) : ICommitFollower
    {
        public void Start()
        {
        }

        public void Committed(CountedCommit commit) => commits.Add(commit);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
