using Puppylog.App.Cli;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Cli;

public sealed class TerminationTests
{
    readonly PlayedClock _clock = new();
    readonly List<int> _exits = [];

    [Fact]
    public void First_signal_cancels_and_ends_nothing()
    {
        using var termination = new Termination(_clock, _exits.Add);
        Assert.False(termination.Token.IsCancellationRequested);
        termination.Take(130);
        Assert.True(termination.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_exits);
    }

    [Fact]
    public void What_does_not_end_within_a_minute_is_ended()
    {
        using var termination = new Termination(_clock, _exits.Add);
        termination.Take(143);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([143], _exits);
    }

    [Fact]
    public void Second_signal_ends_it_at_once()
    {
        using var termination = new Termination(_clock, _exits.Add);
        termination.Take(130);
        _clock.Advance(TimeSpan.FromSeconds(1));
        termination.Take(130);
        Assert.Equal([130], _exits);
    }

    [Fact]
    public void Two_signals_within_a_second_are_one_wish()
    {
        using var termination = new Termination(_clock, _exits.Add);
        termination.Take(130);
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        termination.Take(143);
        Assert.Empty(_exits);
    }

    [Fact]
    public void Nothing_ends_the_process_after_the_command_has()
    {
        var termination = new Termination(_clock, _exits.Add);
        termination.Take(130);
        termination.Dispose();
        _clock.Advance(TimeSpan.FromMinutes(2));
        termination.Take(130);
        Assert.Empty(_exits);
    }
}
