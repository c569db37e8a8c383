using Puppylog.App.Api;

namespace Puppylog.Tests.Forwarding;

public sealed class IntakeBudgetTests
{
    [Fact]
    public void What_is_too_much_waits_and_what_alone_is_too_much_is_let_in_alone()
    {
        var budget = new IntakeBudget(100);
        Assert.True(budget.TryTake(60));
        Assert.True(budget.TryTake(40));
        Assert.False(budget.TryTake(1));
        budget.Give(60);
        Assert.True(budget.TryTake(60));
        budget.Give(100);
        Assert.True(budget.TryTake(500));
        Assert.False(budget.TryTake(1));
    }
}
