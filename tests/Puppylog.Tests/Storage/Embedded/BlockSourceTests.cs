using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Reading;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>What lies at a place must be what was put there: a disk or a catalogue may say otherwise.</summary>
public sealed class BlockSourceTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static EmbeddedStoreOptions Options { get; } = new(TimeProvider.System) { UpkeepInterval = Timeout.InfiniteTimeSpan };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 0, -1)]
    public async Task Block_with_another_count_or_other_times_than_recorded_is_damage(int records, int minTime, int maxTime)
    {
        var row = await WriteAsync();
        using var reader = new StoreReader(_directory.Data, Options);
        Assert.Equal(["a", "b", "c"], Lines([reader.Open(row)]));

        var frame = row.Frame with { Records = 3 + records, MinTime = row.Frame.MinTime + minTime, MaxTime = row.Frame.MaxTime + maxTime };
        var damage = Assert.Throws<CorruptDataException>(() => reader.Open(row with { Frame = frame }).Open());
        Assert.Contains("another block lies there", damage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3, "a b c")]
    [InlineData(0, 2, "a b")]
    [InlineData(1, 1, "b")]
    [InlineData(1, 2, "b c")]
    [InlineData(2, 1, "c")]
    [InlineData(0, 4, null)]
    [InlineData(1, 3, null)]
    [InlineData(3, 1, null)]
    [InlineData(-1, 2, null)]
    [InlineData(int.MinValue, 2, null)]
    [InlineData(0, -1, null)]
    public async Task Part_of_a_block_is_exactly_its_rows_and_damage_where_there_are_none(int start, int records, string? lines)
    {
        var row = await WriteAsync();
        using var files = new SegmentFiles(Options.Files, _directory.Data, 0);
        using var catalog = CatalogReader.Open(_directory.Data);
        var source = new BlockSource(files, Options.Codec, catalog);
        var part = new StoredPart(source, new(1, 0, records), new(row, start));
        if (lines is null)
        {
            Assert.Throws<CorruptDataException>(part.Open);
        }
        else
        {
            Assert.Equal(lines.Split(' '), Lines([part]));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task Nothing_is_read_beside_a_block(int offset)
    {
        var row = await WriteAsync();
        using var files = new SegmentFiles(Options.Files, _directory.Data, 0);
        var bytes = new SegmentBytes(files, row);
        Assert.Throws<CorruptDataException>(() => bytes.Read(offset, new byte[1]));
        Assert.Throws<CorruptDataException>(() => bytes.Read(bytes.Length - 1, new byte[2]));
        bytes.Read(bytes.Length - 1, new byte[1]);
    }

    async Task<BlockRow> WriteAsync()
    {
        await using (var writer = await EmbeddedStore.OpenWriterAsync(_directory.Data, Options, Cancellation))
        {
            var batch = Batch("a");
            Add(batch, Day0 + 5, "b");
            Add(batch, Day0 + 9, "c");
            await writer.CommitAsync(Commit(batch), Cancellation);

            // Something behind the block that could be read by mistake.
            await writer.CommitAsync(Commit(Batch("other")), Cancellation);
        }

        using var catalog = CatalogReader.Open(_directory.Data);
        return catalog.Blocks(long.MinValue, long.MaxValue).Blocks[0];
    }
}
