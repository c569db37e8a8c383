using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using Puppylog.Alerts.Watching;
using Puppylog.Metrics;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Metrics;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Watching;

public sealed class CauseLinesTests : IDisposable
{
    const long Start = 1_800_000_000;

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_fires_within_a_second_shares_the_time_to_look_for_lines()
    {
        var options = new EmbeddedStoreOptions(TimeProvider.System) { Metrics = () => new MetricEngine(), UpkeepInterval = Timeout.InfiniteTimeSpan };
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, options, TestContext.Current.CancellationToken);
        await new MetricStore(_directory.Data, options).CreateAsync([MetricRequest.Defaults[0].Check(0)], TestContext.Current.CancellationToken);
        await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf([new TrafficBatch.Hit("/a", Second: Start)])), TestContext.Current.CancellationToken);
        var rule = (AlertDraft.TotalTraffic with { Samples = 1 }).Check([new("total_traffic", 1, true)], out _)!;
        var lines = new CauseLines(_directory.Data, store, new SlowClock());
        // Each search takes 100 ms, and each look at the clock: three of them are the 300 ms that a second has.
        Assert.Equal(
            [1, 1, 1, 0, 0, 0, 0, 1],
            Enumerable.Range(0, 8).Select(_ => lines.Find(rule, new AlertSignal("", SignalKind.Firing, Start + 1, null, AlertCause.Threshold, 1, Start)).Count()));
    }

    sealed class SlowClock : TimeProvider
    {
        long _milliseconds = 5000;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds += 100;

        /// <summary>No search is given up: that would depend on the machine.</summary>
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
