using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Verification;

namespace Puppylog.Tests.Storage.Embedded.Verification;

public sealed class StoreVerifierTests
{
    [Fact]
    public async Task Whole_store_is_clean_and_all_of_it_was_read()
    {
        using var store = await SampleStore.CreateAsync();
        var report = await store.VerifyAsync();
        Assert.Empty(report.Damage);
        Assert.Empty(report.Notices);
        Assert.Equal(store.Lines.Count, report.Records);
        Assert.Equal(store.Segments.Count, report.Segments.Count);
        Assert.InRange(report.Segments.Count(segment => segment.Contents!.Footer is not null), 1, report.Segments.Count - 1);
    }

    [Fact]
    public async Task Every_changed_byte_of_a_segment_that_matters_is_noticed()
    {
        using var store = await SampleStore.CreateAsync();
        var path = store.Segments[0];
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        for (var at = 0; at < bytes.Length; at += 1 + (bytes.Length / 150))
        {
            SampleStore.Change(path, _ => [.. bytes[..at], (byte)(bytes[at] ^ 0x10), .. bytes[(at + 1)..]]);
            // A block's header has three bytes without a meaning.
            Assert.True(!(await store.VerifyAsync()).IsClean || (await store.SearchAsync())!.SequenceEqual(store.Sorted), $"byte {at} of {bytes.Length}");
        }
    }

    [Fact]
    public async Task Damage_is_named_with_block_column_place_records_and_times()
    {
        using var store = await SampleStore.CreateAsync();
        var block = (await store.VerifyAsync()).Segments[0].Blocks[0].Entry;
        SampleStore.Change(store.Segments[0], bytes =>
        {
            bytes[block.BodyOffset + block.BodyLength - 1]++;
            return bytes;
        });

        var report = await store.VerifyAsync();
        var damage = Assert.Single(report.Damage);
        Assert.Equal((DamageKind.Block, "days/2026-11-21/00000001.seg"), (damage.Kind, damage.Path));
        Assert.Equal((1L, 0, "words"), (damage.Commit, damage.Ordinal, damage.Column));
        Assert.Equal((block.Records, block.MinTime, block.MaxTime), (damage.Records, damage.MinTime, damage.MaxTime));
        Assert.Equal(block.BodyOffset + block.BodyLength, damage.Offset + damage.Length);
    }

    [Fact]
    public async Task Missing_segment_is_named_with_its_records()
    {
        using var store = await SampleStore.CreateAsync();
        var records = (await store.VerifyAsync()).Segments[0].Blocks.Sum(block => block.Entry.Records);
        File.Delete(store.Segments[0]);
        var damage = Assert.Single((await store.VerifyAsync()).Damage);
        Assert.Equal((DamageKind.Segment, (long)records), (damage.Kind, damage.Records));
    }

    [Fact]
    public async Task Lost_catalogue_is_damage_and_no_store_is_a_refusal()
    {
        using var store = await SampleStore.CreateAsync();
        File.Delete(store.Catalog);
        var report = await store.VerifyAsync();
        Assert.True(report.NeedsRebuild);
        Assert.Equal(DamageKind.Catalogue, Assert.Single(report.Damage).Kind);
        Assert.Equal(store.Lines.Count, report.Records);

        Directory.Delete(store.Data, recursive: true);
        Assert.Contains("there is no store", (await Assert.ThrowsAsync<LogStoreException>(store.VerifyAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_is_verified_beside_its_writer()
    {
        using var store = await SampleStore.CreateAsync();
        await using var writer = await EmbeddedStore.OpenWriterAsync(store.Data, store.Options, TestContext.Current.CancellationToken);
        var writing = Task.Run(async () =>
        {
            for (var i = 14; i < 60; i++)
            {
                await store.CommitAsync(writer, i);
            }
        }, TestContext.Current.CancellationToken);
        do
        {
            var report = await store.VerifyAsync();
            Assert.Empty(report.Damage);
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Contains("stop it", (await Assert.ThrowsAsync<LogStoreException>(store.RepairAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_crash_left_is_no_damage()
    {
        using var store = await SampleStore.CreateAsync();
        await File.AppendAllTextAsync(store.Segments[^1], "left by a crash", TestContext.Current.CancellationToken);
        var report = await store.VerifyAsync();
        Assert.Empty(report.Damage);
        Assert.Contains("15 bytes", Assert.Single(report.Notices), StringComparison.Ordinal);
    }
}
