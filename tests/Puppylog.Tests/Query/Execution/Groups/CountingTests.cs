using FsCheck;
using FsCheck.Fluent;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Pipes;
using Puppylog.Query.Syntax;

namespace Puppylog.Tests.Query.Execution.Groups;

public sealed class CountingTests
{
    [Fact]
    public void Histograms_count_every_number() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var numbers = new int[random.Next(600)];
            var most = random.Next(2) == 0 ? random.Next(1, 9) : 3000;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = random.Next(most);
            }

            var expected = Enumerable.Range(0, most).Select(number => numbers.Count(other => other == number)).ToArray();
            var counts = Enumerable.Repeat(7, most).ToArray();
            Histogram.Count(numbers, counts);
            Assert.Equal(expected, counts);
            counts.AsSpan().Fill(7);
            Histogram.Count([.. numbers.Select(number => (ushort)number)], counts);
            Assert.Equal(expected, counts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void First_rows_are_told_from_all_others()
    {
        for (var count = 1; count < 70; count++)
        {
            var rows = Enumerable.Range(0, count).ToArray();
            Assert.True(RowRange.IsFirst(rows));
            Assert.False(RowRange.IsFirst([.. rows.Select(row => row + 1)]));
            for (var i = 0; i + 1 < count; i++)
            {
                var swapped = rows.ToArray();
                (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
                Assert.False(RowRange.IsFirst(swapped));
            }
        }

        Assert.False(RowRange.IsFirst([]));
    }

    [Theory]
    [InlineData("10s")]
    [InlineData("1d offset 2h")]
    [InlineData("3 offset -1")]
    [InlineData("0.5")]
    [InlineData("month")]
    [InlineData("year offset 5h")]
    [InlineData("1000w")]
    public void Range_of_a_bucket_holds_only_values_of_that_bucket(string step)
    {
        var bucket = Bucket.Parse(new TokenReader(step));
        var random = new Random(5);
        long[] edges = [0, -1, 1, long.MinValue, long.MaxValue, long.MinValue + 1, 1_800_000_000_000_000_000];
        foreach (var value in edges.Concat(Enumerable.Range(0, 2000).Select(_ => random.NextInt64(long.MinValue / 4, long.MaxValue / 4))))
        {
            if (bucket.Months > 0 && Math.Abs(value / 2) > long.MaxValue / 4)
            {
                continue;
            }

            var (start, end) = bucket.Range(value);
            Assert.Equal(bucket.Floor(value), start);
            Assert.True(start <= value);
            Assert.True(end >= value);
            foreach (var other in new[] { start, end - 1, start + ((end - start) / 2) }.Where(other => other >= start && other < end))
            {
                Assert.Equal(start, bucket.Floor(other));
            }
        }
    }
}
