using Puppylog.Generation;

namespace Puppylog.Tests.Generation;

public sealed class WeightedChoiceTests
{
    [Fact]
    public void Picks_follow_the_weights()
    {
        var choice = new WeightedChoice([1, 0, 3, 6]);
        var random = new Randomness(5);
        var counts = new int[4];
        for (var i = 0; i < 100_000; i++)
        {
            counts[choice.Pick(random)]++;
        }

        Assert.InRange(counts[0], 9_500, 10_500);
        Assert.InRange(counts[1], 0, 2);
        Assert.InRange(counts[2], 29_300, 30_700);
        Assert.InRange(counts[3], 59_300, 60_700);
    }

    [Fact]
    public void Zipf_gives_the_second_half_of_the_first()
    {
        var choice = WeightedChoice.Zipf(1000);
        var random = new Randomness(5);
        var counts = new int[1000];
        for (var i = 0; i < 1_000_000; i++)
        {
            counts[choice.Pick(random)]++;
        }

        Assert.InRange(counts[0] / (double)counts[1], 1.95, 2.05);
        Assert.InRange(counts[0] / (double)counts[9], 9.6, 10.4);
        Assert.True(counts[999] > 0);
    }
}
