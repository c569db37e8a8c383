using Puppylog.Metrics;

namespace Puppylog.Tests.Metrics;

public sealed class ValueOrderTests
{
    [Fact]
    public void Values_come_ascending_each_with_its_place_and_equal_ones_as_they_were()
    {
        var random = new Random(3);
        for (var attempt = 0; attempt < 500; attempt++)
        {
            var count = random.Next(attempt < 250 ? 20 : 3000);
            long[] given = [.. Enumerable.Range(0, count).Select(_ => random.Next(8) == 0 ? long.MinValue : random.NextInt64(-count, count))];
            var (values, order) = (given.ToArray(), Enumerable.Range(0, count).ToArray());
            ValueOrder.Sort(values, order);
            Assert.Equal(Enumerable.Range(0, count).OrderBy(place => given[place]), order);
            Assert.Equal(order.Select(place => given[place]), values);
        }
    }
}
