using Puppylog.App.Api.Stats;

namespace Puppylog.Tests.Api.Stats;

public sealed class TallyCacheTests
{
    static readonly StatsQuestion Question = new("customer_id", "a");

    [Fact]
    public void Day_is_found_until_it_has_changed()
    {
        var cache = new TallyCache(1 << 20);
        var tally = new RequestTally(10);
        cache.Keep(Question, 7, 1, tally);
        Assert.Same(tally, cache.Find(Question, 7, 1));
        Assert.Null(cache.Find(Question, 7, 2));
        Assert.Null(cache.Find(Question, 8, 1));
        Assert.Null(cache.Find(Question with { Value = null }, 7, 1));
        Assert.Null(cache.Find(Question with { Streams = "{app=\"shop\"}" }, 7, 1));
        Assert.Equal((1, 4), (cache.Hits, cache.Misses));
    }

    [Fact]
    public void Bytes_are_bounded_and_what_was_not_asked_for_longest_goes()
    {
        const int Most = 100_000;
        var cache = new TallyCache(Most);
        for (var day = 0; day < 10_000; day++)
        {
            cache.Keep(Question, day, 1, new RequestTally(10));
            Assert.True(cache.Bytes <= Most, $"{cache.Bytes} bytes");
            Assert.NotNull(cache.Find(Question, 0, 1));
        }

        Assert.Null(cache.Find(Question, 1, 1));
        Assert.NotNull(cache.Find(Question, 9999, 1));
    }
}
