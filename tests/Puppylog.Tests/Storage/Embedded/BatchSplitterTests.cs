using Puppylog.Records;
using Puppylog.Storage.Embedded.Commits;
using static Puppylog.Tests.Storage.Embedded.Samples;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class BatchSplitterTests
{
    static readonly int Today = Timestamps.DayOf(Day0);

    [Fact]
    public void Batch_of_one_day_is_not_split()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        Add(batch, Day0, "first");
        Add(batch, Day0 + Timestamps.Day - 1, "last");
        Assert.Equal([new BatchPart(batch, Today, null)], BatchSplitter.Split([new RecordBatch(RecordShape.Plain), batch]));
    }

    [Fact]
    public void Records_go_to_their_days_in_order()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        foreach (var time in (long[])[Day0, Day0 - 1, Day0 + 1, Day0 + Timestamps.Day, -1, Day0 - 2])
        {
            Add(batch, time, "x");
        }

        var parts = BatchSplitter.Split([batch]);
        Assert.Equal([-1, Today - 1, Today, Today + 1], parts.Select(part => part.Day));
        Assert.Equal([[4], [1, 5], [0, 2], [3]], parts.Select(part => part.Rows!));
    }

    [Fact]
    public void Days_past_the_32_largest_share_a_mixed_part()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = 0; i < 1000; i++)
        {
            Add(batch, i * Timestamps.Day, "x");
        }

        Add(batch, 999 * Timestamps.Day, "x");
        var parts = BatchSplitter.Split([batch]);
        Assert.Equal(33, parts.Count);
        Assert.Contains(parts, part => part.Day == 999 && part.Rows!.Length == 2);
        Assert.Equal(1000 - 32, Assert.Single(parts, part => part.Day is null).Rows!.Length);
        Assert.Equal(Enumerable.Range(0, 1001), parts.SelectMany(part => part.Rows!).Order());
    }

    [Fact]
    public void Many_batches_of_many_days_share_the_bound()
    {
        var batches = Enumerable.Range(0, 40).Select(i => BatchAt(i * Timestamps.Day, "x")).ToList();
        var parts = BatchSplitter.Split(batches);
        Assert.Equal(40, parts.Count);
        Assert.Equal(8, parts.Count(part => part.Day is null && part.Rows is null));
    }
}
