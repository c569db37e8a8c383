using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Outbox;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Alerts.Outbox;

public sealed class CourierTests
{
    readonly PlayedClock _clock = new();
    readonly MemoryOutbox _outbox = new();
    readonly PlayedNotifier _notifier = new();
    readonly List<string> _reported = [];

    [Fact]
    public async Task Many_that_fire_together_are_one_message()
    {
        using var courier = Courier(new());
        _outbox.Put(["a"], [.. Enumerable.Range(0, 7).Select(number => SampleNotices.Firing(number))]);
        Assert.Equal(TimeSpan.Zero, await courier.StepAsync(TestContext.Current.CancellationToken));
        Assert.Null(await courier.StepAsync(TestContext.Current.CancellationToken));
        Assert.Equal([7], _notifier.Sent.Select(sent => sent.Count));
    }

    [Fact]
    public async Task Above_the_rate_notices_wait_and_go_together()
    {
        using var courier = Courier(new() { Burst = 2, Pause = TimeSpan.FromSeconds(10) });
        for (var number = 0; number < 6; number++)
        {
            _outbox.Put(["a"], [SampleNotices.Firing(number)]);
            await courier.StepAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), await courier.StepAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(10));
        await courier.StepAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1, 1, 4], _notifier.Sent.Select(sent => sent.Count));
    }

    [Fact]
    public async Task Failure_is_retried_with_growing_pauses_and_told_of_once()
    {
        using var courier = Courier(new() { Burst = 1000 });
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        _notifier.Answer = _ => throw new NotifierException("answered 500");
        double longest = 1;
        for (var failure = 1; failure <= 12; failure++)
        {
            var pause = (await courier.StepAsync(TestContext.Current.CancellationToken))!.Value;
            Assert.InRange(pause.TotalSeconds, longest / 2, longest);
            Assert.Equal(failure, _outbox.Attempts("a").Failures);
            Assert.True(await courier.StepAsync(TestContext.Current.CancellationToken) > TimeSpan.Zero);
            Assert.Equal(failure, _outbox.Attempts("a").Failures);
            longest = Math.Min(longest * 2, 300);
            _clock.Advance(pause + TimeSpan.FromMilliseconds(1));
        }

        _notifier.Answer = _ => Task.CompletedTask;
        await courier.StepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["a does not take notices: answered 500; they are kept and tried again", "a takes notices again"], _reported);
        Assert.Single(_notifier.Sent);
    }

    [Fact]
    public async Task Pause_that_the_receiver_asks_for_is_kept()
    {
        using var courier = Courier(new());
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        _notifier.Answer = _ => throw new NotifierException("answered 429", TimeSpan.FromSeconds(77));
        Assert.Equal(TimeSpan.FromSeconds(77), await courier.StepAsync(TestContext.Current.CancellationToken));
        _notifier.Answer = _ => throw new NotifierException("answered 429", TimeSpan.FromDays(77));
        _clock.Advance(TimeSpan.FromSeconds(78));
        Assert.Equal(TimeSpan.FromMinutes(5), await courier.StepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Wall_clock_that_jumps_back_does_not_make_it_wait_for_ever()
    {
        using var courier = Courier(new());
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        _notifier.Answer = _ => throw new NotifierException("no");
        await courier.StepAsync(TestContext.Current.CancellationToken);
        _clock.Set(_clock.GetUtcNow().AddYears(-1));
        Assert.Equal(TimeSpan.FromMinutes(5), await courier.StepAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Restart_goes_on_with_the_pauses()
    {
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        _notifier.Answer = _ => throw new NotifierException("no");
        using (var courier = Courier(new()))
        {
            await courier.StepAsync(TestContext.Current.CancellationToken);
        }

        using var again = Courier(new());
        Assert.True(await again.StepAsync(TestContext.Current.CancellationToken) > TimeSpan.Zero);
        Assert.Equal(1, _outbox.Attempts("a").Failures);
    }

    [Fact]
    public async Task Receiver_that_hangs_has_failed_when_patience_ends()
    {
        using var courier = Courier(new());
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        var never = new TaskCompletionSource();
        _notifier.Answer = _ => never.Task;
        var step = courier.StepAsync(TestContext.Current.CancellationToken);
        while (!step.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await step;
        Assert.Equal("no answer within 10 s", _outbox.Attempts("a").Error);
    }

    [Fact]
    public async Task Receiver_that_blocks_its_thread_delays_neither_evaluation_nor_other_receivers()
    {
        using var blocked = new ManualResetEventSlim();
        _notifier.Answer = _ =>
        {
            blocked.Wait();
            return Task.CompletedTask;
        };
        var told = new TaskCompletionSource();
        var other = new PlayedNotifier { Answer = sent => sent.Any(notice => notice.Value == "9") ? Task.Run(told.SetResult) : Task.CompletedTask };
        await using var desk = new NoticeDesk(_outbox, TimeProvider.System);
        desk.Serve([new("a", _notifier, "", new() { Burst = 100 }), new("b", other, "", new() { Burst = 100 })]);
        for (var number = 0; number < 10; number++)
        {
            desk.Put([SampleNotices.Firing(number)], []);
        }

        await told.Task;
        blocked.Set();
    }

    [Fact]
    public async Task Crash_between_telling_and_keeping_it_tells_again_with_the_same_key()
    {
        using var courier = Courier(new());
        _outbox.Put(["a"], [SampleNotices.Firing(1)]);
        _notifier.Answer = sent =>
        {
            _notifier.Sent.Add(sent);
            throw new NotifierException("the answer was lost");
        };
        await courier.StepAsync(TestContext.Current.CancellationToken);
        _notifier.Answer = _ => Task.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(2));
        await courier.StepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _notifier.Sent.Count);
        Assert.Single(_notifier.Sent.SelectMany(sent => sent).Select(notice => notice.Key).Distinct());
    }

    Courier Courier(CourierOptions options)
    {
        var courier = new Courier("a", _notifier, _outbox, _clock, options);
        courier.Reported += _reported.Add;
        return courier;
    }

    sealed class PlayedNotifier : INotifier
    {
        public List<IReadOnlyList<Notice>> Sent { get; } = [];

        public Func<IReadOnlyList<Notice>, Task> Answer { get; set; } = _ => Task.CompletedTask;

        public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
        {
            await Answer(notices);
            Sent.Add(notices);
        }
    }
}
