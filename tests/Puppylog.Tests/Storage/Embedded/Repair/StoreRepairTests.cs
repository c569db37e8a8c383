using FsCheck;
using FsCheck.Fluent;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Storage.Embedded.Segments;
using Puppylog.Tests.Storage.Embedded.Verification;

namespace Puppylog.Tests.Storage.Embedded.Repair;

public sealed class StoreRepairTests
{
    [Fact]
    public async Task Whole_store_is_left_as_it_is()
    {
        using var store = await SampleStore.CreateAsync();
        var before = store.Segments;
        Assert.Empty((await store.RepairAsync()).Steps);
        Assert.Equal(before, store.Segments);
        Assert.False(Directory.Exists(store.Quarantine));
    }

    [Fact]
    public async Task Damaged_block_goes_to_quarantine_and_the_rest_is_served()
    {
        using var store = await SampleStore.CreateAsync();
        var damaged = store.Segments[0];
        var block = (await store.VerifyAsync()).Segments[0].Blocks[0].Entry;
        SampleStore.Change(damaged, bytes =>
        {
            bytes[block.BodyOffset + 40] ^= 1;
            return bytes;
        });
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);

        var report = await store.RepairAsync();

        Assert.True(report.After.IsClean, string.Join('\n', report.After.Damage));
        Assert.Equal(store.Lines.Count - block.Records, report.After.Records);
        Assert.False(File.Exists(damaged));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(store.Quarantine, "00000001.whole"), TestContext.Current.CancellationToken));
        Assert.Contains($"{block.Records} records lost", await File.ReadAllTextAsync(Path.Combine(store.Quarantine, "00000001.whole.txt"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(store.Lines[block.Records..].Order(StringComparer.Ordinal), await store.SearchAsync());
        await AssertGoesOnAsync(store, store.Lines.Count - block.Records);
    }

    [Fact]
    public async Task Lost_catalogue_is_rebuilt_with_lines_positions_and_keys()
    {
        using var store = await SampleStore.CreateAsync();
        var position = await store.PositionAsync();
        File.Delete(store.Catalog);

        Assert.True((await store.RepairAsync()).After.IsClean);

        Assert.Equal(store.Sorted, await store.SearchAsync());
        Assert.Equal(position, await store.PositionAsync());
        await using (var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, TestContext.Current.CancellationToken))
        {
            var receipt = await writer.CommitAsync(new([Samples.Batch("again")], [], ["key 3"]), TestContext.Current.CancellationToken);
            Assert.True(receipt.AlreadyStored);
        }

        await AssertGoesOnAsync(store, store.Lines.Count);
    }

    [Fact]
    public async Task Older_copy_of_the_catalogue_takes_in_what_was_stored_since()
    {
        using var store = await SampleStore.CreateAsync();
        var older = await File.ReadAllBytesAsync(store.Catalog, TestContext.Current.CancellationToken);
        await using (var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, TestContext.Current.CancellationToken))
        {
            await store.CommitAsync(writer, 14);
        }

        // More than a crash can leave, so that it is no crash.
        var large = new byte[200 << 20];
        var left = Path.Combine(store.Data, "days/mixed/00000099.seg");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllBytesAsync(left, large, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(store.Catalog, older, TestContext.Current.CancellationToken);

        var report = await store.RepairAsync();

        Assert.True(report.Before.NeedsRebuild);
        Assert.True(report.After.IsClean, string.Join('\n', report.After.Damage));
        Assert.Equal(store.Sorted, await store.SearchAsync());
        Assert.Equal(15, (await store.PositionAsync()).Offset);
        Assert.True(File.Exists(Path.Combine(store.Quarantine, "catalog.db")));
        Assert.True(File.Exists(Path.Combine(store.Quarantine, "00000099.whole")));
    }

    [Fact]
    public async Task What_compaction_has_replaced_does_not_count_twice_in_a_rebuild()
    {
        using var store = await SampleStore.CreateAsync();
        var damaged = store.Segments[0];
        var bytes = await File.ReadAllBytesAsync(damaged, TestContext.Current.CancellationToken);
        SampleStore.Change(damaged, changed => [.. changed[..3], 0, .. changed[4..]]);
        Assert.True((await store.RepairAsync()).After.IsClean);
        Assert.Equal(store.Sorted, await store.SearchAsync());

        // The old segment comes back beside the new one, and the catalogue is lost.
        await File.WriteAllBytesAsync(damaged, bytes, TestContext.Current.CancellationToken);
        File.Delete(store.Catalog);
        Assert.True((await store.RepairAsync()).After.IsClean);
        Assert.Equal(store.Sorted, await store.SearchAsync());
        Assert.Equal(14, (await store.PositionAsync()).Offset);
    }

    [Fact]
    public async Task Blocks_of_a_commit_that_has_lost_one_survive_a_rebuild()
    {
        using var store = await SampleStore.CreateAsync();
        var segment = (await store.VerifyAsync()).Segments[0];
        var lost = segment.Blocks.First(block => block.Frame!.Header.Blocks == 2).Entry;
        SampleStore.Change(store.Segments[0], changed =>
        {
            changed[lost.BodyOffset]++;
            return changed;
        });
        Assert.True((await store.RepairAsync()).After.IsClean);
        var served = await store.SearchAsync();
        File.Delete(store.Catalog);

        Assert.True((await store.RepairAsync()).After.IsClean);

        Assert.Equal(store.Lines.Count - lost.Records, served!.Count);
        Assert.Equal(served, await store.SearchAsync());
    }

    [Fact]
    public async Task Commit_that_was_not_finished_does_not_count_in_a_rebuild()
    {
        using var store = await SampleStore.CreateAsync();
        File.Delete(store.Catalog);
        var open = store.Segments.First(path => !SegmentFooter.TryRead(File.ReadAllBytes(path), out _));
        var id = long.Parse(Path.GetFileNameWithoutExtension(open), System.Globalization.CultureInfo.InvariantCulture);
        // The first of two blocks of commit 15, whose second was never written.
        var block = (await store.VerifyAsync()).Segments.SelectMany(segment => segment.Blocks).First();
        var head = new byte[FrameHeader.Size];
        var body = (await File.ReadAllBytesAsync(store.Segments[0], TestContext.Current.CancellationToken)).AsSpan((int)block.Entry.BodyOffset, block.Entry.BodyLength).ToArray();
        new FrameHeader(id, 15, 0, 2, 0, body.Length, block.Entry.Records, block.Entry.MinTime, block.Entry.MaxTime).Write(head, []);
        SampleStore.Change(open, bytes => [.. bytes, .. head, .. body]);

        Assert.True((await store.RepairAsync()).After.IsClean);

        Assert.Equal(store.Sorted, await store.SearchAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repair_that_was_interrupted_anywhere_is_finished_by_the_next(bool withoutCatalog)
    {
        for (var changes = 0; ; changes++)
        {
            using var store = await SampleStore.CreateAsync();
            SampleStore.Change(store.Segments[0], bytes =>
            {
                bytes[10] ^= 1;
                return bytes;
            });
            if (withoutCatalog)
            {
                File.Delete(store.Catalog);
            }

            var files = new InterruptedFiles(changes);
            try
            {
                await new StoreRepair(store.Data, store.Options with { Files = files }, new()).RunAsync(TestContext.Current.CancellationToken);
            }
            catch (LogStoreException)
            {
                Assert.True(files.HasFailed);
            }

            Assert.True((await store.RepairAsync()).After.IsClean);
            Assert.Equal(store.Sorted, await store.SearchAsync());
            Assert.Equal(14, (await store.PositionAsync()).Offset);
            if (!files.HasFailed)
            {
                return;
            }
        }
    }

    [Fact]
    public void Whatever_is_damaged_is_named_and_repaired_and_the_rest_is_served() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => DamageAndRepair(new Random(seed)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    static async Task<bool> DamageAndRepair(Random random)
    {
        using var store = await SampleStore.CreateAsync();
        var segments = store.Segments;
        var path = random.Next(4) == 0 ? store.Catalog : segments[random.Next(segments.Count)];
        var original = await File.ReadAllBytesAsync(path);
        SampleStore.Change(path, bytes => Damage(bytes, random));
        var all = store.Sorted;

        var served = await store.SearchAsync();
        var found = await store.VerifyAsync();
        if (path != store.Catalog)
        {
            AssertPartOf(all, served!);
        }

        if (found.IsClean)
        {
            Assert.Equal(all, served);
        }

        var report = await store.RepairAsync();
        Assert.True(report.After.IsClean, string.Join('\n', report.After.Damage));
        var after = await store.SearchAsync();
        AssertPartOf(all, after!);
        if (path == store.Catalog)
        {
            Assert.Equal(all, after);
        }
        else
        {
            AssertPartOf(after!, served!);
        }

        if (!found.IsClean)
        {
            // Nothing was deleted: what was damaged is in quarantine, as it was.
            Assert.NotEmpty(Directory.GetFiles(store.Quarantine));
        }

        Assert.NotEmpty(original);
        await AssertGoesOnAsync(store, after!.Count);
        return true;
    }

    static byte[] Damage(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        var length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(2) == 0 ? 8 : 2000));
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
            case 2:
                bytes.AsSpan(at, length).Clear();
                return bytes;
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            default:
                return [.. bytes[..(at + length)], .. bytes[at..]];
        }
    }

    /// <summary>A repaired store is one like any other: it takes a commit, and is whole afterwards.</summary>
    static async Task AssertGoesOnAsync(SampleStore store, int lines)
    {
        await using (var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, TestContext.Current.CancellationToken))
        {
            await writer.CommitAsync(Samples.Commit(Samples.Batch("one more")), TestContext.Current.CancellationToken);
        }

        var report = await store.VerifyAsync();
        Assert.True(report.IsClean, string.Join('\n', report.Damage));
        Assert.Equal(lines + 1, report.Records);
        Assert.Equal(lines + 1, (await store.SearchAsync())!.Count);
    }

    /// <summary>Each line of a part is in the whole, and none oftener than there: both are sorted.</summary>
    static void AssertPartOf(List<string> whole, List<string> part)
    {
        var counts = whole.CountBy(line => line).ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (line, count) in part.CountBy(line => line))
        {
            Assert.True(counts.GetValueOrDefault(line) >= count, $"{count} times: {line}");
        }
    }
}
