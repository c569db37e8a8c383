using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;

namespace Puppylog.Tests.Query.Execution.Groups;

/// <summary>The first groups, against all groups sorted. Values are addresses, so that each form of dictionary can hold them.</summary>
public sealed class FrequentTests
{
    const int Rows = 6000;

    [Fact]
    public void First_groups_are_those_of_all_groups() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var steepness = random.Next(1, 400);
            var blocks = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Skewed(random, steepness, random.Next(0, 8), random.Next(3) == 0)).ToArray();
            AssertFirst(random.Next(1, 12), blocks, random.Next(1, 4));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Fact]
    public void Groups_that_are_frequent_everywhere_take_one_pass()
    {
        var random = new Random(1);
        var blocks = Enumerable.Range(0, 5).Select(_ => Skewed(random, 300, 0, false)).ToArray();
        var opened = AssertFirst(3, blocks, 2);
        Assert.All(opened, times => Assert.Equal(1, times));
    }

    [Fact]
    public void Groups_that_are_frequent_in_one_block_are_looked_for_in_the_others()
    {
        var random = new Random(2);
        var one = Enumerable.Repeat("1.1.1.1", 500).Concat(Unique(random, Rows)).ToArray();
        var others = Enumerable.Range(0, 4).Select(_ => Unique(random, Rows).Append("1.1.1.1").ToArray());
        var opened = AssertFirst(1, [one, .. others], 2);
        Assert.All(opened, times => Assert.Equal(2, times));
    }

    [Fact]
    public void Groups_that_are_all_alike_are_all_counted()
    {
        var random = new Random(3);
        var blocks = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Rows).Select(_ => Address(random.Next(4000))).ToArray()).ToArray();
        var opened = AssertFirst(10, blocks, 2);
        Assert.All(opened, times => Assert.Equal(2, times));
    }

    [Fact]
    public void Group_that_is_rare_everywhere_and_most_in_sum_is_found()
    {
        var random = new Random(4);
        var first = Enumerable.Repeat("9.9.9.9", 7).Concat(Unique(random, Rows)).ToArray();
        var blocks = Enumerable.Range(0, 12).Select(_ => Unique(random, Rows).Append("1.2.3.4").ToArray()).Prepend(first).ToArray();
        AssertFirst(1, blocks, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Block_that_is_damaged_is_reported_once_and_left_out(int pass)
    {
        var values = Enumerable.Range(0, Rows).Select(Address).ToArray();
        DictionaryBlock[] blocks = [new(values, DictionaryBlock.Form.Templates), new(values, DictionaryBlock.Form.Bytes) { DamagedIn = pass }];
        var reported = 0;
        var sink = new TestRecords.ListSink();
        var query = QueryParser.Parse("* | top 5 by (v)", 0) with { Options = new QueryOptions { OnDamage = (_, _) => reported++ } };
        await QueryExecutor.RunAsync(query, blocks, sink, TestContext.Current.CancellationToken);
        Assert.Equal(1, reported);
        Assert.Equal(TestRecords.Run("* | top 5 by (v)", [blocks[0]]), sink.Rows);
    }

    [Fact]
    public void Budget_is_given_back_between_passes()
    {
        var memory = new QueryMemory(1 << 20);
        var first = new FrequentOperator(["v"], skipsEmpty: false, 500, "hits", null, new SinkOperator(new TestRecords.ListSink()), new QueryContext(memory, default, null));
        var block = new DictionaryBlock([.. Enumerable.Range(0, Rows).Select(row => Address(row / 2)), .. Enumerable.Range(0, 150).Select(Address)], DictionaryBlock.Form.Bytes);
        first.Push(block.Open(), [.. Enumerable.Range(0, block.Count)]);
        Assert.True(memory.Used > 0);
        Assert.NotNull(first.NextPass());
        Assert.Equal(0, memory.Used);
    }

    /// <returns>How often each block was opened for <c>top</c>.</returns>
    static int[] AssertFirst(int limit, string[][] blocks, int workers)
    {
        var expected = TestRecords.Run("* | uniq by (v) with hits", [.. blocks.Select(values => new DictionaryBlock(values, DictionaryBlock.Form.Bytes))])
            .OrderByDescending(row => int.Parse(row[(row.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture)).ToArray();
        int[] opened = [];
        foreach (var form in Enum.GetValues<DictionaryBlock.Form>())
        {
            DictionaryBlock[] made = [.. blocks.Select(values => new DictionaryBlock(values, form))];
            Assert.Equal(expected.Take(limit), TestRecords.Run($"* | top {limit} by (v)", made, workers));
            opened = [.. made.Select(block => block.Opened)];
            Assert.Equal(expected.Where(row => row.StartsWith("v=", StringComparison.Ordinal)).Take(limit), TestRecords.Run($"* | field_values v limit {limit}", made, workers));
        }

        return opened;
    }

    /// <summary>Some values come much more often than the others; each block may have some of its own, and absent ones.</summary>
    static string[] Skewed(Random random, int steepness, int own, bool hasAbsent)
    {
        var values = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            values.AddRange(Enumerable.Repeat(Address(i), random.Next(steepness / (i + 1) + 2)));
        }

        for (var i = 0; i < own; i++)
        {
            values.AddRange(Enumerable.Repeat(Address(random.Next(5000)), random.Next(300)));
        }

        values.AddRange(Unique(random, Rows));
        values.AddRange(Enumerable.Repeat("", hasAbsent ? random.Next(1, 400) : 0));
        return [.. values];
    }

    static IEnumerable<string> Unique(Random random, int count) => Enumerable.Range(0, count).Select(_ => Address(random.Next(20, 5_000_000)));

    static string Address(int number) => $"{1 + (number % 3)}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}";
}
