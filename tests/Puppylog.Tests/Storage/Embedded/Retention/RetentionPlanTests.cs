using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Tests.Storage.Embedded.Retention;

public sealed class RetentionPlanTests
{
    const long Now = 1_800_000_000 * Timestamps.Second;
    static readonly RetentionPolicy Month = new(TimeSpan.FromDays(30), null);

    [Fact]
    public void Segment_goes_by_its_newest_record() => AssertPlan(
        Month, [], [Segment(1, oldest: -400, newest: -29), Segment(2, oldest: -30.5, newest: -30.1)], dropped: [2]);

    [Fact]
    public void Open_segment_that_is_due_is_sealed_first() => AssertPlan(
        Month, expectedSeals: [1], [Segment(1, -40, -35, SegmentState.Open), Segment(2, -40, -1, SegmentState.Open)], dropped: []);

    [Fact]
    public void Record_from_the_future_ages_from_when_it_was_stored() => AssertPlan(
        Month, [], [Segment(1, -40, 50_000, written: -31), Segment(2, -40, 50_000, written: -29)], dropped: [1]);

    [Fact]
    public void Records_stored_while_the_clock_was_behind_are_as_new_as_they_say() => AssertPlan(
        Month, [], [Segment(1, -2, -1, written: -20_000)], dropped: []);

    [Fact]
    public void Record_from_the_past_goes_alone() => AssertPlan(
        Month, [], [Segment(1, -20_000, -20_000), Segment(2, -1, 0), Segment(3, -2, -1)], dropped: [1]);

    [Fact]
    public void Too_much_goes_from_the_oldest_on() => AssertPlan(
        new(null, 250), [], [Segment(1, -2, -1), Segment(2, -20, -15), Segment(3, -9, -8), Segment(4, -7, -5)], dropped: [2, 3]);

    [Fact]
    public void Flood_from_the_future_does_not_push_out_what_came_after_it() => AssertPlan(
        new(null, 200), [], [Segment(1, 40_000, 50_000, written: -5), Segment(2, 40_000, 50_000, written: -4), Segment(3, -2, -1), Segment(4, -1, 0)],
        dropped: [1, 2]);

    [Fact]
    public void What_else_lies_in_the_directory_counts() => AssertPlan(
        new(null, 250), [], [Segment(1, -2, -1), Segment(2, -20, -15)], dropped: [2], otherBytes: 100);

    [Fact]
    public void Nothing_goes_by_age_while_the_clock_is_not_trusted()
    {
        var plan = RetentionPlan.Make([Segment(1, -40, -35)], Month, null, 0);
        Assert.Empty(plan.Dropped);
    }

    [Fact]
    public void Clock_that_is_set_forward_is_believed_after_an_hour()
    {
        var clock = new JumpingClock();
        var jump = new ClockJump(clock);
        Assert.True(jump.IsTrusted());
        clock.Pass(TimeSpan.FromHours(5));
        Assert.True(jump.IsTrusted());
        clock.Jump(TimeSpan.FromDays(365));
        Assert.False(jump.IsTrusted());
        clock.Pass(TimeSpan.FromMinutes(50));
        Assert.False(jump.IsTrusted());
        clock.Pass(TimeSpan.FromMinutes(11));
        Assert.True(jump.IsTrusted());
        clock.Jump(TimeSpan.FromDays(-400));
        Assert.True(jump.IsTrusted());
    }

    /// <param name="id">Its number.</param>
    /// <param name="oldest">Days from now of its first record.</param>
    /// <param name="newest">Days from now of its last record.</param>
    /// <param name="state">What may still happen to it.</param>
    /// <param name="written">Days from now when it was last written.</param>
    static SegmentSummary Segment(long id, double oldest, double newest, SegmentState state = SegmentState.Sealed, double written = 0) => new(
        new(id, 0, 100, state), At(written), 1, 0, 10, At(oldest), At(newest), id, false);

    static long At(double days) => Now + (long)(days * Timestamps.Day);

    static void AssertPlan(
        RetentionPolicy policy, long[] expectedSeals, SegmentSummary[] segments, long[] dropped, long otherBytes = 0)
    {
        var plan = RetentionPlan.Make(segments, policy, Now, otherBytes);
        Assert.Equal(dropped, plan.Dropped.Select(segment => segment.Segment.Id));
        Assert.Equal(expectedSeals, plan.Sealed);
    }

    sealed class JumpingClock : TimeProvider
    {
        DateTimeOffset _time = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _time;

        public override long GetTimestamp() => _timestamp;

        public void Pass(TimeSpan time)
        {
            _time += time;
            _timestamp += time.Ticks;
        }

        public void Jump(TimeSpan time) => _time += time;
    }
}
