using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.App.Tui.Views;

/// <summary>The routes that took longest.</summary>
static class RoutePanel
{
    /// <summary>Columns from which on all times of a route are shown.</summary>
    const int WidthForAll = 50;

    const int TimeWidth = 9;

    public static void Draw(Area area, TrafficSummary summary)
    {
        var all = area.Width >= WidthForAll;
        area.Rule(0, "Slowest routes", all ? "" : "95 of 100 are faster");
        var line = 1;
        if (all)
        {
            area.WriteBefore(TimeWidth, line, "mean", Style.Dim);
            area.WriteBefore(2 * TimeWidth, line, "p95", Style.Dim);
            area.WriteBefore(3 * TimeWidth, line, "max", Style.Dim);
            area.WriteBefore(4 * TimeWidth, line++, "records", Style.Dim);
        }

        foreach (var route in summary.SlowestRoutes)
        {
            if (line >= area.Height)
            {
                return;
            }

            string[] numbers = all
                ? [TrafficText.Duration(route.Mean), TrafficText.Duration(route.P95), TrafficText.Duration(route.Max), TrafficText.Count(route.Requests)]
                : [TrafficText.Duration(route.P95)];
            for (var i = 0; i < numbers.Length; i++)
            {
                area.WriteBefore((i + 1) * TimeWidth, line, numbers[i], i == 0 ? Style.Strong : default);
            }

            area.Write((numbers.Length * TimeWidth) + 2, line++, route.Path);
        }
    }
}
