using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Execution;
using Puppylog.Query.Values;

namespace Puppylog.Tests.Query.Values;

public sealed class SketchTests
{
    [Fact]
    public void Quantiles_of_a_sketch_are_within_the_error_that_it_names() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var numbers = Enumerable.Range(0, random.Next(1, 3000)).Select(_ => RandomNumber(random)).ToArray();
            var sketch = new QuantileSketch(new QueryMemory(1 << 30));
            var other = new QuantileSketch(new QueryMemory(1 << 30));
            foreach (var number in numbers)
            {
                (random.Next(2) == 0 ? sketch : other).Add(number);
            }

            sketch.Merge(other);
            Assert.Equal(numbers.Length, sketch.Count);
            Array.Sort(numbers);
            foreach (var index in new[] { 0, numbers.Length / 2, numbers.Length * 99 / 100, numbers.Length - 1 })
            {
                Assert.InRange(sketch.At(index) - numbers[index], -Math.Abs(numbers[index]) * QuantileSketch.RelativeError, Math.Abs(numbers[index]) * QuantileSketch.RelativeError);
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(40_000)]
    [InlineData(700_000)]
    public void Distinct_values_are_estimated_within_five_standard_errors(int distinct)
    {
        var sketch = new DistinctSketch();
        var other = new DistinctSketch();
        for (var i = 0; i < distinct; i++)
        {
            var hash = HashOf(i);
            sketch.Add(hash);
            (i % 3 == 0 ? sketch : other).Add(hash);
        }

        sketch.Merge(other);
        var bound = Math.Ceiling(5 * DistinctSketch.StandardError * distinct);
        Assert.InRange(sketch.Estimate(), distinct - bound, distinct + bound);
    }

    [Fact]
    public void Distinct_set_counts_per_group_like_a_set_of_pairs() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var groups = random.Next(1, 5);
            var sets = new[] { new DistinctSet(new QueryMemory(1 << 30)), new DistinctSet(new QueryMemory(1 << 30)) };
            var pairs = new HashSet<(int, ulong)>();
            for (var i = random.Next(500); i >= 0; i--)
            {
                var (group, hash) = (random.Next(groups), (ulong)random.Next(200) << (8 * random.Next(8)));
                // The second set numbers its groups the other way round.
                var set = random.Next(2);
                sets[set].Add(set == 0 ? group : groups - 1 - group, hash);
                pairs.Add((group, hash));
            }

            sets[0].Merge(sets[1], [.. Enumerable.Range(0, groups).Reverse()]);
            Assert.False(sets[0].IsEstimate);
            Assert.Equal(
                Enumerable.Range(0, groups).Select(group => (long)pairs.Count(pair => pair.Item1 == group)),
                Enumerable.Range(0, groups).Select(sets[0].Count));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(DistinctSet.MaxExact, 0, false)]
    [InlineData(DistinctSet.MaxExact + 1, 0, true)]
    [InlineData(DistinctSet.MaxExact + 50_000, 100, true)]
    public void Distinct_set_is_exact_up_to_its_size_and_then_says_that_it_is_not(int distinct, int inSmallGroup, bool isEstimate)
    {
        var sets = new[] { new DistinctSet(new QueryMemory(1 << 30)), new DistinctSet(new QueryMemory(1 << 30)) };
        for (var i = 0; i < inSmallGroup; i++)
        {
            sets[0].Add(1, HashOf(i));
        }

        for (var i = 0; i < distinct; i++)
        {
            sets[i & 1].Add(0, HashOf(i));
        }

        sets[0].Merge(sets[1], [0, 1]);
        Assert.Equal(isEstimate, sets[0].IsEstimate);
        var bound = isEstimate ? 5 * DistinctSketch.StandardError * distinct : 0;
        Assert.InRange(sets[0].Count(0), distinct - bound, distinct + bound);
        Assert.Equal(inSmallGroup, sets[0].Count(1));
    }

    [Fact]
    public void Distinct_set_gives_back_what_sketches_need_no_more()
    {
        var memory = new QueryMemory(1L << 30);
        var set = new DistinctSet(memory);
        for (var i = 0; i <= DistinctSet.MaxExact; i++)
        {
            set.Add(0, HashOf(i));
        }

        Assert.True(set.IsEstimate);
        Assert.InRange(memory.Used, 0, 64 << 10);
    }

    [Fact]
    public void List_finds_the_number_at_an_index_like_sorting() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var memory = new QueryMemory(1 << 30);
            var lists = new[] { new NumberList(memory), new NumberList(memory) };
            var numbers = new List<double>();
            var few = random.Next(3) == 0;
            for (var i = random.Next(1, random.Next(4) == 0 ? 90_000 : 6_000); i > 0; i--)
            {
                numbers.Add(few ? random.Next(5) : RandomNumber(random));
                lists[random.Next(2)].Add(numbers[^1]);
            }

            lists[0].Take(lists[1]);
            Assert.Equal(numbers.Count, lists[0].Count);
            numbers.Sort();
            foreach (var index in new[] { 0, numbers.Count / 3, numbers.Count / 2, numbers.Count * 99 / 100, numbers.Count - 1 })
            {
                Assert.Equal(numbers[index], lists[0].At(index));
            }

            lists[0].Release();
            Assert.Equal(0, memory.Used);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Selection_survives_orders_that_are_bad_for_pivots()
    {
        foreach (var order in new Func<int, double>[] { i => i, i => -i, _ => 1, i => i % 2 == 0 ? i : -i, i => Math.Abs(i - 5000) })
        {
            var numbers = Enumerable.Range(0, 10_000).Select(order).ToArray();
            var sorted = numbers.Order().ToArray();
            foreach (var index in new[] { 0, 1, 4999, 9998, 9999 })
            {
                Assert.Equal(sorted[index], Selection.At(numbers.ToArray(), index));
            }
        }
    }

    static ulong HashOf(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return ByteHash.Of(bytes);
    }

    static double RandomNumber(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => -random.Next(1000),
        2 => random.NextDouble(),
        3 => Math.Exp((random.NextDouble() * 80) - 40),
        _ => random.Next(100_000),
    };
}
