using Puppylog.Alerts.Notices;

namespace Puppylog.Tests.Alerts.Notices;

public sealed class SendingRateTests
{
    [Fact]
    public void Burst_goes_at_once_and_then_one_a_pause()
    {
        var rate = new SendingRate(2, TimeSpan.FromSeconds(10));
        Assert.True(rate.TryTake(TimeSpan.Zero, out _));
        Assert.True(rate.TryTake(TimeSpan.Zero, out _));
        Assert.False(rate.TryTake(TimeSpan.Zero, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(10), wait);
        Assert.False(rate.TryTake(TimeSpan.FromSeconds(4), out wait));
        Assert.Equal(6, wait.TotalSeconds, 3);
        Assert.True(rate.TryTake(TimeSpan.FromSeconds(11), out _));
        Assert.False(rate.TryTake(TimeSpan.FromSeconds(11), out _));
    }
}
