using Puppylog.Alerts.Rules;
using Puppylog.Alerts.States;
using static Puppylog.Alerts.States.SignalKind;

namespace Puppylog.Tests.Alerts.States;

public sealed class AlertMachineTests
{
    static readonly ObservedMetric Traffic = new("total_traffic", 1, true);

    static readonly AlertRule High = new() { Id = "totaltraffic", Metric = Traffic, Window = 120, Threshold = 10, Title = "High traffic", ValueName = "hits" };

    /// <summary>Window of a second, above 10.</summary>
    static readonly AlertRule Quick = High with { Window = 1 };

    [Fact]
    public void Traffic_alert_says_its_words_to_the_letter()
    {
        var played = new PlayedAlert(High);
        played.Set(0, 1201);
        played.To(1000);
        Assert.Equal(
            [
                "High traffic generated an alert - hits = 10.01, triggered at 2026-11-21T14:00:01Z",
                "High traffic alert recovered - hits = 0, recovered at 2026-11-21T14:02:01Z",
            ],
            played.Messages);
    }

    [Fact]
    public void Average_that_equals_the_threshold_changes_nothing()
    {
        var played = new PlayedAlert(High);
        played.Play(0, 600, _ => 10);
        Assert.Empty(played.Signals);
        played.Set(600, 11);
        played.To(601);
        played.Play(601, 719, _ => 10);
        Assert.Equal([(Firing, 601L)], played.Signals);
        played.Set(719, 10);
        played.Set(720, 10);
        played.To(721);
        Assert.Equal(AlertState.Firing, played.Machine.Segments.Single().State);
        played.Set(721, 9);
        played.To(722);
        Assert.Equal([(Firing, 601L), (Recovered, 722L)], played.Signals);
    }

    [Fact]
    public void Pending_fires_when_it_was_bad_for_long_enough()
    {
        var played = new PlayedAlert(Quick with { For = 5 });
        played.Play(0, 10, _ => 11);
        Assert.Equal([(Pending, 1L), (Firing, 6L)], played.Signals);
    }

    [Fact]
    public void Pending_that_is_good_again_calms_and_tells_nobody()
    {
        var played = new PlayedAlert(Quick with { For = 5 });
        played.Play(0, 10, second => second < 5 ? 11 : 10);
        Assert.Equal([(Pending, 1L), (Calmed, 6L)], played.Signals);
        Assert.Empty(played.Messages);
    }

    [Fact]
    public void Recovery_threshold_holds_the_alert_between_the_two()
    {
        var played = new PlayedAlert(Quick with { Recovery = 8 });
        double[] hits = [11, 9, 10.5, 8, 12, 7.9, 10, 11];
        played.Play(0, 8, second => hits[second]);
        Assert.Equal([(Firing, 1L), (Recovered, 6L), (Firing, 8L)], played.Signals);
    }

    [Fact]
    public void Below_waits_until_its_window_has_passed_once()
    {
        var played = new PlayedAlert(High with { Window = 10, Comparison = Comparison.Below, Threshold = 5 });
        played.Play(0, 20, second => second < 15 ? 6 : 0);
        Assert.Equal([(Firing, 17L)], played.Signals);
    }

    [Fact]
    public void What_is_not_judged_yet_has_no_value()
    {
        var played = new PlayedAlert(High with { Window = 10, Comparison = Comparison.Below, Threshold = 5 });
        played.Play(0, 9, _ => 6);
        Assert.Null(played.Machine.Segments.Single().Value);
        played.Play(9, 10, _ => 6);
        Assert.Equal(6, played.Machine.Segments.Single().Value?.Number);
    }

    [Fact]
    public void Silence_recovers_by_the_clock_alone_where_no_records_are_zero()
    {
        var played = new PlayedAlert(Quick);
        played.Set(0, 100);
        played.To(1);
        Assert.Equal([(Firing, 1L)], played.Signals);
        played.To(2);
        Assert.Equal([(Firing, 1L), (Recovered, 2L)], played.Signals);
    }

    [Fact]
    public void Silence_holds_the_alert_where_no_records_are_no_value()
    {
        var played = new PlayedAlert(Quick with { Metric = new("slow", 1, false) });
        played.Set(0, 100);
        played.To(50);
        Assert.Equal([(Firing, 1L)], played.Signals);
        Assert.Null(played.Machine.Segments.Single().Value);
        played.Set(50, 1);
        played.To(51);
        Assert.Equal([(Firing, 1L), (Recovered, 51L)], played.Signals);
    }

    [Fact]
    public void Absence_fires_after_its_seconds_and_recovers_with_the_first_record()
    {
        var rule = High with { Threshold = null, NoData = 300, Window = 1 };
        var played = new PlayedAlert(rule);
        played.Set(0, 1);
        played.To(300);
        Assert.Empty(played.Signals);
        played.To(301);
        Assert.Equal("High traffic generated an alert - no records for 300 s, triggered at 2026-11-21T14:05:01Z", Assert.Single(played.Messages));
        played.To(400);
        played.Set(400, 3);
        played.To(401);
        Assert.Equal([(Firing, 301L), (Recovered, 401L)], played.Signals);
    }

    [Fact]
    public void Absence_of_a_source_that_never_spoke_counts_from_the_beginning()
    {
        var played = new PlayedAlert(High with { Threshold = null, NoData = 300 });
        played.To(0);
        played.To(1000);
        Assert.Equal([(Firing, 300L)], played.Signals);
    }

    [Fact]
    public void Records_that_come_back_bad_keep_an_absence_firing_without_a_second_notice()
    {
        var played = new PlayedAlert(Quick with { NoData = 10 });
        played.Set(0, 1);
        played.To(20);
        played.Play(20, 30, second => second < 28 ? 11 : 9);
        Assert.Equal([(Firing, 11L), (Recovered, 29L)], played.Signals);
    }

    [Fact]
    public void Segments_fire_by_themselves()
    {
        var played = new PlayedAlert(Quick with { Metric = new("per_route", 1, true, true), PerSegment = true });
        played.Set(0, 11, "/a");
        played.Set(0, 10, "/b");
        played.To(1);
        played.Set(1, 11, "/a");
        played.Set(1, 12, "/b");
        played.To(2);
        played.To(3);
        Assert.Equal([("/a", Firing, 1L), ("/b", Firing, 2L), ("/a", Recovered, 3L), ("/b", Recovered, 3L)], played.Live.Select(s => (s.Segment, s.Kind, s.Time - PlayedAlert.Noon)));
        Assert.Equal("High traffic (/a) generated an alert - hits = 11, triggered at 2026-11-21T14:00:01Z", played.Messages.First());
    }

    [Fact]
    public void Segments_that_fell_silent_are_forgotten_and_too_many_are_counted()
    {
        var played = new PlayedAlert(Quick with { Metric = new("per_route", 1, true, true), PerSegment = true });
        for (var segment = 0; segment < AlertMachine.MaxSegments + 5; segment++)
        {
            played.Set(0, 1, $"/{segment}");
        }

        Assert.Equal(5, played.Machine.Ignored);
        played.To(1);
        Assert.Equal(AlertMachine.MaxSegments, played.Machine.Segments.Count());
        played.To(1000);
        Assert.Empty(played.Machine.Segments);
    }

    [Fact]
    public void Change_against_yesterday_is_percent()
    {
        var played = new PlayedAlert(Quick with { Metric = new("m", 60, true), Window = 60, Threshold = 50, AgainstYesterday = true });
        played.Play(0, 86_400, _ => 100);
        played.Play(86_400, 86_700, second => second < 86_520 ? 150 : second < 86_580 ? 151 : 149);
        Assert.Equal([(Firing, 86_580L), (Recovered, 86_640L)], played.Signals);
        Assert.Equal("High traffic generated an alert - hits = 51 % against yesterday, triggered at 2026-11-22T14:03:00Z", played.Messages.First());
    }

    [Fact]
    public void Window_ends_with_the_last_whole_period()
    {
        var played = new PlayedAlert(Quick with { Metric = new("m", 10, true), Window = 20 });
        played.Set(0, 15);
        played.To(5);
        Assert.Empty(played.Signals);
        played.Set(0, 21);
        played.To(9);
        Assert.Empty(played.Signals);
        played.To(10);
        Assert.Equal([(Firing, 10L)], played.Signals);
        played.To(29);
        Assert.Single(played.Signals);
        played.To(30);
        Assert.Equal([(Firing, 10L), (Recovered, 30L)], played.Signals);
    }

    [Fact]
    public void Late_records_correct_the_history_and_not_what_was_told()
    {
        var played = new PlayedAlert(Quick);
        played.Play(0, 10, _ => 1);
        played.Set(4, 50);
        Assert.Empty(played.Signals);
        played.Play(10, 30, _ => 1);
        Assert.Empty(played.Signals);
        played.To(100);
        Assert.Equal([(Firing, 5L), (Recovered, 6L)], played.History);
        Assert.Empty(played.Signals);
    }

    [Fact]
    public void What_was_told_by_mistake_stays_told_and_is_missing_in_the_history()
    {
        var played = new PlayedAlert(Quick);
        played.Set(0, 11);
        played.To(1);
        played.Set(0, 9);
        played.To(100);
        Assert.Equal([(Firing, 1L), (Recovered, 2L)], played.Signals);
        Assert.Empty(played.History);
    }

    [Fact]
    public void Late_record_counts_in_the_evaluations_still_to_come()
    {
        var played = new PlayedAlert(High);
        played.Set(0, 1200);
        played.To(100);
        played.Set(50, 1);
        played.To(130);
        Assert.Equal([(Firing, 101L), (Recovered, 121L)], played.Signals);
    }

    [Fact]
    public void Record_that_is_too_late_for_every_evaluation_is_counted_and_changes_nothing()
    {
        var played = new PlayedAlert(Quick);
        played.Play(0, 100, _ => 1);
        played.Set(0, 1000);
        played.To(200);
        Assert.Equal((1L, 0, 0), (played.Machine.TooLate, played.Live.Count, played.Settled.Count));
    }

    [Fact]
    public void Duplicate_observation_changes_nothing()
    {
        var played = new PlayedAlert(Quick);
        played.Play(0, 5, _ => 11);
        played.Set(4, 11);
        played.Set(0, 11);
        played.To(5);
        played.Play(5, 7, _ => 11);
        Assert.Equal([(Firing, 1L)], played.Signals);
    }

    [Fact]
    public void Restart_neither_forgets_a_firing_alert_nor_tells_it_again()
    {
        var played = new PlayedAlert(High);
        played.Play(0, 60, _ => 100);
        Assert.Single(played.Messages);
        played.Restart();
        Assert.Equal(AlertState.Firing, played.Machine.Segments.Single().State);
        played.Play(60, 200, _ => 100);
        Assert.Single(played.Messages);
        played.Restart();
        played.To(1000);
        Assert.Equal([(Firing, 13L), (Recovered, 200 + 109L)], played.Signals);
        Assert.Equal([played.Live[0].Episode], played.Live.Select(signal => signal.Episode).Distinct());
    }

    [Fact]
    public void Restart_goes_on_with_the_time_that_a_pending_alert_has_waited()
    {
        var played = new PlayedAlert(Quick with { For = 5 });
        played.Play(0, 3, _ => 11);
        played.Restart();
        played.Play(3, 10, _ => 11);
        Assert.Equal([(Pending, 1L), (Firing, 6L)], played.Signals);
    }

    [Fact]
    public void Clock_that_is_set_back_keeps_what_fires_and_evaluates_again()
    {
        var played = new PlayedAlert(Quick);
        played.Play(90_000, 90_010, _ => 11);
        played.Machine.SetBack(PlayedAlert.Noon);
        Assert.Equal(AlertState.Firing, played.Machine.Segments.Single().State);
        played.Play(0, 3, _ => 1);
        Assert.Equal([(Firing, 90_001L), (Recovered, 1L)], played.Signals);
    }

    [Fact]
    public void Gap_of_years_is_a_few_steps()
    {
        var played = new PlayedAlert(High);
        const long TenYears = 10L * 365 * 86_400;
        played.Set(0, 5000);
        played.Set(TenYears, 5000);
        played.To(2 * TenYears);
        Assert.Equal([(Firing, 1L), (Recovered, 121L), (Firing, TenYears + 1), (Recovered, TenYears + 121)], played.Signals);
        Assert.Equal(played.Signals, played.History);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8.0)]
    public void Three_crossings_with_noise_are_what_a_straightforward_computation_says(double? recovery)
    {
        var random = new Random(7);
        var hits = Enumerable.Range(0, 3600).Select(second => (double)(int)(10 + (6 * Math.Sin((second - 300) * Math.PI * 2 / 1200)) + random.Next(-2, 3))).ToArray();
        var rule = High with { Window = 10, Recovery = (decimal?)recovery };
        var played = new PlayedAlert(rule);
        played.Play(0, hits.Length, second => hits[second]);
        played.To(hits.Length + 1000);

        var expected = new List<string>();
        var firing = false;
        for (var t = 1; t < hits.Length + 1000; t++)
        {
            var sum = (long)hits[Math.Clamp(t - 10, 0, hits.Length)..Math.Min(t, hits.Length)].Sum();
            if (firing ? sum < (recovery ?? 10) * 10 : sum > 100)
            {
                firing = !firing;
                var time = DateTimeOffset.FromUnixTimeSeconds(PlayedAlert.Noon + t).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
                var value = (sum / 10m).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
                expected.Add(firing ? $"High traffic generated an alert - hits = {value}, triggered at {time}" : $"High traffic alert recovered - hits = {value}, recovered at {time}");
            }
        }

        Assert.Equal(expected, played.Messages);
        Assert.Equal(expected, played.Settled.Select(signal => signal.Message(rule)));
        Assert.True(recovery is null ? expected.Count > 6 : expected.Count == 6);
    }
}
