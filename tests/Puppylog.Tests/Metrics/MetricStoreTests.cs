using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Backup;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Tests.Played;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Metrics;

public sealed class MetricStoreTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly EmbeddedStoreOptions _options = new(TimeProvider.System) { Metrics = () => new MetricEngine(), UpkeepInterval = Timeout.InfiniteTimeSpan, LeavingDelay = TimeSpan.Zero, SealBlocks = 8 };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    MetricStore Metrics => new(_directory.Data, _options);

    public void Dispose() => _directory.Dispose();

    /// <summary>The commit at which counting begins lies somewhere in the stream of commits, as does each compaction.</summary>
    [Fact]
    public async Task Metrics_made_while_records_come_in_miss_none_and_count_none_twice()
    {
        await using var store = await OpenAsync();
        List<MetricModel.Stored> stored = [];
        using var ended = new CancellationTokenSource();
        var writing = Task.Run(
            async () =>
            {
                for (var commit = 0; !ended.IsCancellationRequested || commit < 100; commit++)
                {
                    TrafficBatch.Hit[] hits = [.. Enumerable.Range(0, 20).Select(i => new TrafficBatch.Hit($"/s{i % 3}/x", Status: commit % 2 == 0 ? "200" : "500", Bytes: $"{commit}", Second: (commit / 10) + (i % 4)))];
                    await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(hits)), Cancellation);
                    stored.AddRange(hits.Select(hit => new MetricModel.Stored(hit.Second * Timestamps.Second, hit)));
                    if (commit % 40 == 39)
                    {
                        await store.CompactAsync(null, Cancellation);
                    }
                }
            },
            Cancellation);
        foreach (var (request, _, _, _) in MetricModel.All)
        {
            await Task.Delay(20, Cancellation);
            await Metrics.CreateAsync([request.Check(0)], Cancellation);
        }

        await ended.CancelAsync();
        await writing;
        for (var metric = 0; metric < MetricModel.All.Count; metric++)
        {
            MetricModel.AssertSame(MetricModel.Observe(metric, stored), Metrics.Read(MetricModel.All[metric].Request.Id)!);
        }
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    public async Task Metrics_survive_a_rebuild_of_the_catalogue_and_a_backup(string how)
    {
        await using (var store = await OpenAsync())
        {
            await Metrics.CreateAsync(Checked("all", "sections"), Cancellation);
            await CommitAsync(store, 100, 3);
            await Metrics.CreateAsync(Checked("forgotten"), Cancellation);
            Metrics.Delete("forgotten");
        }

        var before = (Metrics.Read("all"), Metrics.Read("sections"));
        var backup = _directory.Path + "/backup";
        new StoreBackup(_directory.Data, backup, _options, new BackupOptions(false, null), new BackupProgress()).Run(Cancellation);
        foreach (var data in (string[])[backup, _directory.Data])
        {
            var metrics = new MetricStore(data, _options);
            Assert.Equal(before, (metrics.Read("all"), metrics.Read("sections")), SameObservations);
            File.Delete(Path.Combine(data, "catalog.db"));
            if (how == "damaged")
            {
                await File.WriteAllBytesAsync(Path.Combine(data, "catalog.db"), new byte[5000], Cancellation);
            }

            await new StoreRepair(data, _options, new()).RunAsync(Cancellation);
            Assert.All(metrics.List(), metric => Assert.False(metric.Row.IsFilled));
            Assert.Equal(2, await metrics.ResumeAsync(Cancellation));
            Assert.Equal(0, await metrics.ResumeAsync(Cancellation));
            Assert.Equal(["all", "sections"], metrics.List().Select(metric => metric.Metric.Id));
            Assert.Equal(before, (metrics.Read("all"), metrics.Read("sections")), SameObservations);
        }
    }

    [Fact]
    public async Task Metric_whose_filling_was_broken_off_is_begun_again_and_counts_each_record_once()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 10, 1);
        var definition = Checked("all")[0];
        using (await MetricFilling.BeginAsync(_directory.Data, _options, [("all", definition.ToJson(), 0)], Cancellation))
        {
            // As a process that is killed here.
        }

        await CommitAsync(store, 5, 1);
        Assert.False(Assert.Single(Metrics.List()).Row.IsFilled);
        await Metrics.CreateAsync([definition], Cancellation);
        await CommitAsync(store, 3, 1);
        Assert.Equal(18, Metrics.Read("all")!.Sum(observation => observation.Value));
        Assert.Contains("there is a metric 'all' already", (await Assert.ThrowsAsync<LogStoreException>(() => Metrics.CreateAsync([definition], Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Segments_with_the_most_records_are_shown_whenever_they_came_and_the_rest_is_one()
    {
        await using var store = await OpenAsync();
        await Metrics.CreateAsync(Checked("sections"), Cancellation);
        await CommitSectionsAsync(store, 0, 2500, 1);
        // The largest come last, and a segment is called as the rest is.
        await CommitSectionsAsync(store, 2500, 3500, 2);
        await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. Enumerable.Range(0, 9).Select(_ => new TrafficBatch.Hit("other"))])), Cancellation);
        for (var again = 0; again < 2; again++)
        {
            var reading = Metrics.ReadAll("sections", to: 0)!;
            Assert.Equal([.. Enumerable.Range(2500, 1000).Select(i => $"/{i}").Order(StringComparer.Ordinal)], reading.Observations.Select(observation => observation.Segment).Where(segment => segment != MetricDefinition.Other));
            Assert.All(reading.Observations.Where(observation => observation.Segment != MetricDefinition.Other), observation => Assert.Equal(2, observation.Value));
            Assert.Equal(2509, Assert.Single(reading.Observations, observation => observation.Segment == MetricDefinition.Other).Value);
            Assert.Equal((1, 0), (reading.Together, reading.Overflown));
            await CommitEmptyAsync(store, 70);
        }
    }

    [Fact]
    public async Task Segments_beyond_what_is_counted_are_counted_together_and_each_that_is_shown_is_exact()
    {
        await using var store = await OpenAsync();
        await Metrics.CreateAsync(Checked("sections"), Cancellation);
        for (var commit = 0; commit < 3; commit++)
        {
            await CommitSectionsAsync(store, 0, (4 * MetricDefinition.MaxSegments) + 500, 1);
            await CommitSectionsAsync(store, 0, 1, 40 + commit);
        }

        var reading = Metrics.ReadAll("sections")!;
        Assert.Equal((MetricDefinition.MaxSegments + 1, 1, 1), (reading.Observations.Count, reading.Together, reading.Overflown));
        Assert.Equal((3 * ((4 * MetricDefinition.MaxSegments) + 500)) + 123, reading.Observations.Sum(observation => observation.Value));
        Assert.Equal(126, reading.Observations.Single(observation => observation.Segment == "/0").Value);
        Assert.All(reading.Observations.Where(observation => observation.Segment is not ("/0" or MetricDefinition.Other)), observation => Assert.Equal(3, observation.Value));
    }

    /// <summary>Of a commit the largest segments are counted, though filters that overlap share the counting of its rows.</summary>
    [Fact]
    public async Task Largest_segments_of_a_commit_are_counted_also_where_another_filter_matches_them()
    {
        await using var store = await OpenAsync();
        await Metrics.CreateAsync([.. Checked("sections"), (MetricModel.All[3].Request with { Id = "other", Filter = "status:>=500" }).Check(0)], Cancellation);
        const int segments = (4 * MetricDefinition.MaxSegments) + 500;
        await store.CommitAsync(
            Samples.Commit(TrafficBatch.BatchOf(
            [
                .. Enumerable.Range(0, segments).Select(i => new TrafficBatch.Hit($"/{i}/x", Status: "500")),
                .. Enumerable.Range(segments, 900).SelectMany(i => Enumerable.Repeat(new TrafficBatch.Hit($"/{i}/x", Status: "200"), 2)),
            ])),
            Cancellation);
        var shown = Metrics.Read("sections")!;
        Assert.Equal(900, shown.Count(observation => observation.Segment != MetricDefinition.Other && observation.Value == 2));
        Assert.Equal(segments + 1800, shown.Sum(observation => observation.Value));
        Assert.Equal(segments, Metrics.Read("other")!.Sum(observation => observation.Value));
    }

    static Task CommitSectionsAsync(ILogStore store, int from, int to, int hits) =>
        store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. Enumerable.Range(from, to - from).SelectMany(i => Enumerable.Repeat(new TrafficBatch.Hit($"/{i.ToString(CultureInfo.InvariantCulture)}/x"), hits))])), Cancellation);

    [Fact]
    public async Task Period_is_provisional_until_records_are_younger_by_the_lateness_or_none_have_come_for_so_long()
    {
        var clock = new PlayedClock(DateTimeOffset.FromUnixTimeSeconds(1000));
        var options = _options with { Clock = clock };
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, options, Cancellation);
        var metrics = new MetricStore(_directory.Data, options);
        await metrics.CreateAsync([(MetricModel.All[1].Request with { Lateness = 30 }).Check(0)], Cancellation);
        await CommitAsync(store, 3, 990);
        Assert.Equal(994 - 30 - 2, Seconds(metrics.ReadAll("all10")!.FinalUntil));
        // A record of the future tells nothing.
        await CommitAsync(store, 1, 5000);
        Assert.Equal(992 - 30, Seconds(metrics.ReadAll("all10")!.FinalUntil));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1031 - 30, Seconds(metrics.ReadAll("all10")!.FinalUntil));
        await CommitAsync(store, 1, 1020);
        Assert.Equal(1020 - 30, Seconds(metrics.ReadAll("all10")!.FinalUntil));

        static long Seconds(long time) => time / Timestamps.Second;
    }

    [Fact]
    public async Task Metrics_become_those_of_a_configuration()
    {
        await using var store = await OpenAsync();
        await CommitAsync(store, 20, 1);
        var (all, errors) = (Checked("all")[0], Checked("errors")[0]);
        await Metrics.CreateAsync(Checked("made"), Cancellation);
        Assert.Equal(["metric 'all' is made", "metric 'errors' is made"], await ConfigureAsync(all, errors));
        Assert.Equal(20, Metrics.Read("all")!.Sum(observation => observation.Value));
        Assert.Equal([("all", true), ("errors", true), ("made", false)], Metrics.List().Select(metric => (metric.Metric.Id, metric.Metric.IsConfigured)));

        // What is only shown otherwise changes in its place.
        var number = Metrics.List()[0].Row.Number;
        Assert.Empty(await ConfigureAsync(all with { Lateness = 5, Refresh = 7 }, errors));
        Assert.Equal((number, 5, 7), (Metrics.List()[0].Row.Number, Metrics.List()[0].Metric.Lateness, Metrics.List()[0].Metric.Refresh));

        Assert.Equal(["metric 'all' counts something else now: what it had is dropped, and the records of the store are counted again"], await ConfigureAsync(all with { Period = 60 }, errors));
        Assert.Equal(20, Assert.Single(Metrics.Read("all")!).Value);
        Assert.Equal(["metric 'errors' is no longer in the configuration: it is kept and goes on counting; 'puppylog metrics delete errors' drops it"], await ConfigureAsync(all with { Period = 60 }));
        Assert.Empty(await ConfigureAsync(all with { Period = 60 }));
        Assert.False(Metrics.List()[1].Metric.IsConfigured);
        var refused = await Assert.ThrowsAsync<LogStoreException>(() => ConfigureAsync(all, Checked("made")[0] with { Period = 2 }));
        Assert.Contains("metric 'made' is not the one of that name", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await ConfigureAsync(all with { Period = 60 }, Checked("made")[0]));

        async Task<List<string>> ConfigureAsync(params MetricDefinition[] wanted)
        {
            List<string> told = [];
            using var filling = await Metrics.ConfigureAsync(wanted, told.Add, Cancellation);
            if (filling is not null)
            {
                await MetricStore.CompleteAsync(filling, Cancellation);
            }

            return told;
        }
    }

    [Fact]
    public async Task Oldest_periods_go_and_do_not_come_back_in_parts()
    {
        await using var store = await OpenAsync();
        await Metrics.CreateAsync(Checked("all"), Cancellation);
        const int chunk = 64;
        for (var chunks = 0; chunks < MetricTables.KeptChunks + 100; chunks += 50)
        {
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. Enumerable.Range(0, 50).Select(i => new TrafficBatch.Hit("/a/b", Second: (long)(chunks + i) * chunk))])), Cancellation);
        }

        await CommitEmptyAsync(store, 70);
        var kept = Metrics.Read("all")!.Where(observation => observation.Value == 1).ToList();
        Assert.InRange(kept.Count, MetricTables.KeptChunks - 100, MetricTables.KeptChunks + 10);
        await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(new TrafficBatch.Hit("/late/x", Second: 1))), Cancellation);
        await CommitEmptyAsync(store, 70);
        Assert.True(Metrics.Read("all")![0].Start >= kept[0].Start);
    }

    [Fact]
    public async Task Store_that_has_metrics_takes_no_records_from_who_does_not_count()
    {
        await using (await OpenAsync())
        {
            await Metrics.CreateAsync(Checked("all"), Cancellation);
        }

        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, _options with { Metrics = null }, Cancellation);
        await Assert.ThrowsAsync<LogStoreException>(() => CommitAsync(store, 1, 1));
    }

    static readonly Comparison<(List<Observation>?, List<Observation>?)> Same = (a, b) => a.Item1!.SequenceEqual(b.Item1!) && a.Item2!.SequenceEqual(b.Item2!) ? 0 : 1;

    static IEqualityComparer<(List<Observation>?, List<Observation>?)> SameObservations { get; } =
        EqualityComparer<(List<Observation>?, List<Observation>?)>.Create((a, b) => Same(a, b) == 0);

    static MetricDefinition[] Checked(params string[] names) =>
        [.. names.Select(name => (MetricModel.All.FirstOrDefault(metric => metric.Request.Id == name).Request ?? MetricModel.All[0].Request with { Id = name }).Check(0))];

    static Task CommitAsync(ILogStore store, int hits, long second) =>
        store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([.. Enumerable.Range(0, hits).Select(i => TrafficBatch.Hit.Numbered(i % 7) with { Second = second + (i % 5) })])), Cancellation);

    /// <summary>Commits of one record each, far ahead, so that what waits is brought together.</summary>
    static async Task CommitEmptyAsync(ILogStore store, int commits)
    {
        for (var i = 0; i < commits; i++)
        {
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(new TrafficBatch.Hit("/a/b", Second: 10_000_000))), Cancellation);
        }
    }

    async Task<LocalStore> OpenAsync() => (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
}
