using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Metrics;

/// <summary>Random scripts: records late, twice, in failing transactions; restarts, compaction; metrics made and deleted at any time, beside the writer.</summary>
public sealed class MetricScriptTests
{
    const long Start = 1_700_000_000;

    [Fact]
    public void Whatever_happens_metrics_are_those_of_the_stored_records() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => Play(script).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(60));

    [Fact]
    public async Task Long_script_folds_many_times()
    {
        var random = new Random(7);
        await Play([.. Enumerable.Range(0, 13).Select(i => ((byte)5, (byte)i)), .. Enumerable.Range(0, 400).Select(_ => ((byte)random.Next(256), (byte)random.Next(256)))]);
    }

    static async Task<bool> Play((byte Event, byte Amount)[] script)
    {
        using var directory = new TemporaryDirectory();
        CatalogStep? failing = null;
        var options = new EmbeddedStoreOptions(TimeProvider.System)
        {
            Metrics = () => new MetricEngine(),
            SealBlocks = 5,
            UpkeepInterval = Timeout.InfiniteTimeSpan,
            LeavingDelay = TimeSpan.Zero,
            CatalogHook = step =>
            {
                if (step == failing)
                {
                    failing = null;
                    throw new IOException("as the script has it");
                }
            },
        };
        var random = new Random(script.Length);
        List<MetricModel.Stored> stored = [];
        var made = new SortedSet<int>();
        var metrics = new MetricStore(directory.Data, options with { CatalogHook = null });
        var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(directory.Data, options, default);
        var keys = 0;
        foreach (var (what, amount) in script)
        {
            switch (what % 10)
            {
                case 0:
                    await store.DisposeAsync();
                    store = (LocalStore)await EmbeddedStore.OpenWriterAsync(directory.Data, options, default);
                    break;
                case 1:
                    await store.CompactAsync(null, default);
                    await store.TendAsync(default);
                    break;
                case 2:
                    failing = (amount % 3) switch { 0 => CatalogStep.Opening, 1 => CatalogStep.Committing, _ => CatalogStep.Committed };
                    goto default;
                case 3 when keys > 0:
                    // Sent again: it is stored already.
                    Assert.True((await store.CommitAsync(Samples.Commit(Batch(random, 5, []), null, $"key {keys}"), default)).AlreadyStored);
                    break;
                case 4:
                case 5:
                    if (made.Add(amount % MetricModel.All.Count))
                    {
                        await metrics.CreateAsync([MetricModel.All[amount % MetricModel.All.Count].Request.Check(0)], default);
                    }

                    break;
                case 6 when amount % 4 == 0 && made.Count > 0:
                    Assert.True(metrics.Delete(MetricModel.All[made.Min].Request.Id));
                    made.Remove(made.Min);
                    break;
                default:
                    List<MetricModel.Stored> added = [];
                    var batch = Batch(random, 1 + (amount % 40), added);
                    try
                    {
                        Assert.False((await store.CommitAsync(Samples.Commit(batch, null, $"key {keys + 1}"), default)).AlreadyStored);
                        keys++;
                        stored.AddRange(added);
                    }
                    catch (Exception e) when (e is LogStoreException or IOException)
                    {
                        Assert.Contains("as the script has it", e.ToString(), StringComparison.Ordinal);
                    }

                    failing = null;
                    break;
            }
        }

        await store.DisposeAsync();
        Assert.Equal(made.Count, metrics.List().Count);
        foreach (var metric in made)
        {
            MetricModel.AssertSame(MetricModel.Observe(metric, stored), metrics.Read(MetricModel.All[metric].Request.Id)!);
        }

        return true;
    }

    static RecordBatch Batch(Random random, int count, List<MetricModel.Stored> added)
    {
        // Mostly about now, now and then hours late, or before 1970.
        var now = Start + random.Next(600);
        var hits = new TrafficBatch.Hit[count];
        for (var i = 0; i < count; i++)
        {
            var second = random.Next(30) switch { 0 => now - random.Next(20_000), 1 => -random.Next(100), _ => now + (i / 8) };
            hits[i] = new(
                random.Next(20) == 0 ? null : $"/s{random.Next(4)}/x{random.Next(3)}", $"10.0.0.{random.Next(50)}", random.Next(4) == 0 ? "500" : "200",
                random.Next(6) switch { 0 => null, 1 => "-", 2 => (random.NextDouble() * 1000).ToString("0.###", CultureInfo.InvariantCulture), _ => random.Next(100_000).ToString(CultureInfo.InvariantCulture) },
                Second: second);
            added.Add(new(second * Timestamps.Second, hits[i]));
        }

        return TrafficBatch.BatchOf(hits);
    }
}
