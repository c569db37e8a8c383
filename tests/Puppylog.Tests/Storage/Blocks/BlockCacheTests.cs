using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class BlockCacheTests
{
    /// <summary>Keeps nothing that holds more than 100 bytes.</summary>
    const int Capacity = 16 * (BlockCache.EntryBytes + 100);

    [Fact]
    public void Cache_holds_no_more_than_its_capacity_and_never_gives_another_value() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var cache = new BlockCache(Capacity);
            var added = new Dictionary<(long, long, string), string>();
            for (var i = 0; i < 300; i++)
            {
                var key = (random.NextInt64(3), random.NextInt64(4), "f" + random.Next(5));
                if (random.Next(2) == 0)
                {
                    var found = cache.Find(key.Item1, key.Item2, key.Item3);
                    Assert.True(found is null || (string)found == $"{key}");
                }
                else
                {
                    cache.Add(key.Item1, key.Item2, key.Item3, $"{key}", random.Next(1, 130));
                    added[key] = $"{key}";
                }

                Assert.InRange(cache.Used, 0, Capacity);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Part_of_a_scan_that_is_larger_than_the_cache_is_found_the_next_time()
    {
        var cache = new BlockCache(100 * (BlockCache.EntryBytes + 10));
        var found = 0;
        for (var round = 0; round < 10; round++)
        {
            for (var block = 0; block < 200; block++)
            {
                found += cache.Find(1, block, "f") is null ? 0 : 1;
                cache.Add(1, block, "f", "value", 10);
            }
        }

        Assert.InRange(found, 300, 1000);
    }

    [Fact]
    public void What_is_too_large_for_its_share_is_not_kept()
    {
        var cache = new BlockCache(Capacity);
        cache.Add(1, 1, "f", "value", 101);
        Assert.Null(cache.Find(1, 1, "f"));
        new BlockCache(0).Add(1, 1, "f", "value", 1);
    }

    [Fact]
    public void What_is_of_removed_segments_goes_and_nothing_else()
    {
        var cache = new BlockCache(1 << 26);
        for (var i = 0; i < 20_000; i++)
        {
            cache.Add(i % 7, i, "f", $"{i}", 10);
        }

        var used = cache.Used;
        cache.Forget(new HashSet<long> { 2, 3, 6, 99 });
        Assert.Equal(
            Enumerable.Range(0, 20_000).Where(i => i % 7 is not (2 or 3 or 6)),
            Enumerable.Range(0, 20_000).Where(i => (string?)cache.Find(i % 7, i, "f") == $"{i}"));
        Assert.Equal(used * 4 / 7, cache.Used, used / 1000);
        cache.Forget(new HashSet<long> { 0, 1, 4, 5 });
        Assert.Equal(0, cache.Used);
    }

    [Fact]
    public void Second_opening_reads_no_directory_no_column_and_32_bytes_of_the_word_filter()
    {
        var builder = new BatchBuilder();
        foreach (var i in Enumerable.Range(0, 3000))
        {
            builder.Add(i, $"word{i} of a line", ("status", i % 2 == 0 ? "200" : "404"), ("bytes", $"{i * 7}"), ("id", $"id-{i}"));
        }

        var bytes = new CountingBytes(new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch)).Body);
        var first = Text(BlockReader.Open(bytes));
        Assert.True(BlockReader.Open(bytes).MayContainWord("_msg", "word77"u8));
        bytes.WasRead = 0;
        var second = BlockReader.Open(bytes);
        Assert.Equal(first, Text(second));
        Assert.Equal(0, bytes.WasRead);
        Assert.True(second.HeldBytes > 0);
        for (var i = 0; i < 3000; i += 100)
        {
            Assert.True(second.MayContainWord("_msg", Encoding.UTF8.GetBytes($"word{i}")));
        }

        Assert.False(second.MayContainWord("_msg", "absentword"u8) && second.MayContainWord("_msg", "otherabsent"u8) && second.MayContainWord("_msg", "thirdabsent"u8));
        Assert.InRange(bytes.WasRead, 32, 33 * 32);
    }

    [Fact]
    public void Views_of_one_block_do_not_share_what_a_thread_writes_to()
    {
        var builder = new BatchBuilder();
        foreach (var i in Enumerable.Range(0, 5000))
        {
            builder.Add(i, "line", ("bytes", $"{i * 7919L % 100_003}"), ("id", $"id-{i}"));
        }

        var bytes = new CountingBytes(new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch)).Body);
        var expected = Text(BlockReader.Open(bytes));
        Parallel.For(0, 8, _ => Assert.Equal(expected, Text(BlockReader.Open(bytes))));
    }

    static string Text(RecordView view)
    {
        var text = new StringBuilder();
        foreach (var name in view.FieldNames.Where(name => name != FieldNames.Message).Append(FieldNames.Time))
        {
            var column = view.Column(name)!;
            for (var row = 0; row < view.Count; row++)
            {
                text.Append(Encoding.UTF8.GetString(column.Value(row))).Append(' ');
            }
        }

        return text.ToString();
    }

    sealed class CountingBytes(ReadOnlyMemory<byte> body) : BlockBytes
    {
        readonly MemoryBlockBytes _inner = new(body);
        readonly BlockCache _cache = new(1 << 26);

        public long WasRead { get; set; }

        public override int Length => _inner.Length;

        public override void Read(int offset, Span<byte> target)
        {
            WasRead += target.Length;
            _inner.Read(offset, target);
        }

        public override object? Recall(string name) => _cache.Find(0, 0, name);

        public override void Remember(string name, object value, long bytes) => _cache.Add(0, 0, name, value, bytes);
    }
}
