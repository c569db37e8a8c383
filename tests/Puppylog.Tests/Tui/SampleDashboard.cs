using Puppylog.Alerts;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Tui;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Tests.Played;
using static Puppylog.Tests.Metrics.TrafficBatch;

namespace Puppylog.Tests.Tui;

/// <summary>A dashboard that has watched the same minute and a half of traffic each time.</summary>
static class SampleDashboard
{
    static readonly string[] Routes = ["/products/1", "/products/2", "/api/items", "/api/cart", "/", "/static/a.css", "/日本語/頁", "/search?q=x"];
    static readonly string[] Statuses = ["200", "200", "200", "200", "200", "301", "404", "500"];

    /// <summary>2026-11-21T14:00:00Z.</summary>
    static readonly DateTimeOffset Start = new(2026, 11, 21, 14, 0, 0, TimeSpan.Zero);

    public static DashboardModel Create(int width, int height, bool durations = true)
    {
        var clock = new PlayedClock(Start);
        var state = new WatchState(new WatchSettings("/var/log/nginx/access.log", new TrafficRule(20, 12), 10) { Sections = 60, Routes = 60 });
        var traffic = new LiveTraffic(state, new Nothing(), clock);
        var model = new DashboardModel(state) { Width = width, Height = height };
        var intake = new TailIntake(model.Tail, state.Sync, traffic);
        var random = new Random(7);
        for (var second = 0; second < 95; second++)
        {
            var hits = second is > 30 and < 60 ? 18 + random.Next(6) : 6 + random.Next(4);
            intake.Take(Of([.. Enumerable.Range(0, hits).Select(_ => NextHit(random, durations, Start.ToUnixTimeSeconds() + second))]), second == 93 ? 2 : 0);
            clock.Advance(TimeSpan.FromSeconds(1));
            traffic.CatchUp();
        }

        Fill(model);
        return model;
    }

    /// <summary>Boards as a store gives them.</summary>
    static void Fill(DashboardModel model)
    {
        var now = model.Watch.Now * Timestamps.Second;
        model.Streams.Take(new(
            [
                new(null, "{file_path=\"/var/log/nginx/access.log\"}", 123_456_789, 720, now - Timestamps.Second, 5_000_000_000, 12_345),
                new(null, "{application_name=\"shop\",environment_name=\"production\"}", 4_711, 0, now - (7200 * Timestamps.Second), null, null),
                new(null, "{file_path=\"/a/very/long/path/that/does/not/fit/into/eighty/columns/at/all/日本語.log\"}", 12, 6, now - (90 * Timestamps.Second), 4_096, 0),
                new(null, "{}", 1, 0, null, null, null),
            ],
            ["cannot read /var/log/secret.log: permission denied (since 2026-11-21T13:59:00Z)"]));
        var metric = new MetricEntry("total_traffic_per_route", "count", 10, "section", "*", true, true);
        var observations = new List<Observation>();
        for (var period = 0; period < 40; period++)
        {
            var start = ((now / (10 * Timestamps.Second)) - 40 + period) * 10 * Timestamps.Second;
            observations.Add(new(metric.Id, start, "/products", 40 + (period % 7 * 5)));
            observations.Add(new(metric.Id, start, "/api", 20 + (period % 3 * 4)));
            observations.Add(new(metric.Id, start, "", period % 5));
        }

        model.Metrics.Take(new([metric, new("p95", "p95(duration)", 60, "", "section:=\"/api\"", false, false), new("total_traffic", "count", 1, "", "*", true, true)], metric, observations));
        var second = model.Watch.Now;
        model.Alerts.Take(new(
            [
                new("errors", "/api", AlertStanding.Firing, second - 75, "4.5", "avg of errors over 60 s above 2", "critical"),
                new("errors", "/products", AlertStanding.Pending, second - 5, "2.1", "avg of errors over 60 s above 2", "critical"),
                new("silence", "", AlertStanding.Silenced, second - 400, "", "nothing for 300 s", "silenced by ada until 15:00"),
            ],
            [
                new("errors", second - 75, AlertEvent.Firing, "4.5", "errors (/api) generated an alert - avg = 4.5, triggered at 2026-11-21T14:00:20Z"),
                new("errors", second - 3600, AlertEvent.Recovered, "1.2", "errors (/api) alert recovered - avg = 1.2, recovered at 2026-11-21T13:01:35Z"),
            ]));
    }

    static Hit NextHit(Random random, bool durations, long second)
    {
        var route = Routes[Math.Min(random.Next(Routes.Length), random.Next(Routes.Length))];
        return new(
            route,
            $"10.0.0.{random.Next(40)}",
            Statuses[random.Next(Statuses.Length)],
            $"{200 + random.Next(30_000)}",
            durations ? $"0.{random.Next(900) + (route.Length * 5):000}" : null,
            second);
    }

    sealed class Nothing : IWatchDisplay
    {
        public void Alert(AlertTransition transition)
        {
        }

        public void Interval(TrafficSummary summary)
        {
        }

        public void Silence(long start, long end, long intervals)
        {
        }

        public void Unplaced(long invalid, long late)
        {
        }

        public void Notice(string sentence)
        {
        }
    }
}
