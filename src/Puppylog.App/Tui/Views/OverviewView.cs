using Puppylog.Alerts;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.App.Tui.Views;

/// <summary>The traffic at a glance: its rate, what it was made of in the last interval, errors and the traffic alert.</summary>
static class OverviewView
{
    /// <summary>Columns from which on three panels stand beside each other.</summary>
    const int WidthForThree = 110;

    /// <summary>Lines from which on errors have a plot of their own.</summary>
    const int HeightForErrors = 34;

    public static string Hint(DashboardModel model)
    {
        var settings = model.Watch.Settings;
        return $"z zoom ({model.Zoom} s a column) · every {settings.Interval} s · {TrafficText.Count(model.Watch.Requests)} records so far";
    }

    public static void Draw(Area area, DashboardModel model)
    {
        var watch = model.Watch;
        var wide = area.Width >= WidthForThree;
        var errors = area.Height >= HeightForErrors ? Math.Clamp(area.Height / 8, 4, 8) : 0;
        var rate = area.Height < 14 ? Math.Max(0, (area.Height - 4) / 3) : Math.Clamp((area.Height * 3) / 10, 5, 16);
        var alerts = area.Height < 12 ? 2 : Math.Clamp(area.Height / 5, 3, 12);
        if (rate > 2)
        {
            DrawRate(area.Lines(0, rate + 1), model);
        }
        else
        {
            rate = -1;
        }

        if (errors > 0)
        {
            DrawErrorRate(area.Lines(rate + 1, errors), model);
        }

        var summary = watch.Shown();
        var from = rate + 1 + errors;
        DrawPanels(area.Lines(from, area.Height - from - alerts), watch, summary, wide);
        var bottom = area.LinesFrom(area.Height - alerts);
        if (area.Width >= 140 && alerts >= 5)
        {
            DrawAlert(bottom.Columns(0, (area.Width / 2) - 1), watch);
            DrawErrors(bottom.ColumnsFrom(area.Width / 2), model);
        }
        else
        {
            DrawAlert(bottom, watch);
        }
    }

    static void DrawRate(Area area, DashboardModel model)
    {
        var watch = model.Watch;
        var rates = RateColumns.Of(watch.Rates, Plot.Room(area.Width), model.Zoom);
        var now = watch.Rates.Last(1);
        var peak = rates.Length == 0 ? 0 : rates.Max();
        area.Rule(
            0,
            "Records per second",
            $"now {TrafficText.Count(now.Length == 0 ? 0 : now[0])} · mean {TrafficAlertText.Average(watch)} ({watch.Settings.Rule.Window} s) · peak {TrafficText.Rate(Math.Round(peak, 1))}",
            remarkStyle: watch.Alert.IsFiring ? Style.Bad : Style.Plain);
        new Plot(rates, Style.Accent, RateColumns.Ago(rates.Length * model.Zoom), "now")
        {
            Threshold = (double)watch.Settings.Rule.Threshold,
        }.Draw(area.LinesFrom(1));
    }

    static void DrawErrorRate(Area area, DashboardModel model)
    {
        var errors = RateColumns.Of(model.Watch.Errors, Plot.Room(area.Width), model.Zoom);
        var peak = errors.Length == 0 ? 0 : errors.Max();
        area.Rule(0, "Errors per second", $"status 5xx · peak {TrafficText.Rate(Math.Round(peak, 1))}");
        new Plot(errors, new Style(Colour.Red), RateColumns.Ago(errors.Length * model.Zoom), "now").Draw(area.LinesFrom(1));
    }

    static void DrawPanels(Area area, WatchState watch, TrafficSummary summary, bool wide)
    {
        var span = watch.Now == 0 ? "" : $"{TrafficText.Time(summary.Start)[11..19]} to {TrafficText.Time(summary.End)[11..19]}";
        if (area.Width < 56)
        {
            // One below the other, as far as there is room.
            var top = Math.Min(SummaryPanel.Height(summary), Math.Max(4, area.Height / 2));
            SummaryPanel.Draw(area.Lines(0, top), summary, span, false);
            SectionPanel.Draw(area.LinesFrom(top), summary, "");
            return;
        }

        if (wide && summary.SlowestRoutes.Count > 0)
        {
            var third = area.Width / 3;
            SectionPanel.Draw(area.Columns(0, third - 1), summary, span);
            SummaryPanel.Draw(area.Columns(third, third - 1), summary, "", true);
            RoutePanel.Draw(area.ColumnsFrom(2 * third), summary);
            return;
        }

        var left = area.Width * (wide ? 10 : 11) / 20;
        SectionPanel.Draw(area.Columns(0, left - 1), summary, span);
        var right = area.ColumnsFrom(left);
        var height = summary.SlowestRoutes.Count > 0 ? (right.Height >= SummaryPanel.Height(summary) + 3 ? SummaryPanel.Height(summary) : SummaryPanel.SmallHeight(summary)) : right.Height;
        SummaryPanel.Draw(right.Lines(0, height), summary, "", true);
        if (summary.SlowestRoutes.Count > 0)
        {
            RoutePanel.Draw(right.LinesFrom(height), summary);
        }
    }

    static void DrawAlert(Area area, WatchState watch)
    {
        var rule = watch.Settings.Rule;
        var firing = watch.Alert.IsFiring;
        area.Rule(
            0,
            firing ? "Alert: HIGH TRAFFIC" : "Traffic alert",
            $"{(firing ? "firing" : "ok")} · {TrafficAlertText.Average(watch)} of at most {TrafficAlertText.Threshold(watch)}/s over {rule.Window} s",
            firing ? Style.Bad : Style.Strong,
            firing ? Style.Bad : Style.Good);
        var shown = Enumerable.Reverse(watch.History).Take(area.Height - 1).ToList();
        // The contract's words do not fit into 80 columns everywhere; they are printed when the dashboard is left.
        var whole = shown.TrueForAll(transition => transition.Message.Length < area.Width);
        for (var i = 0; i < shown.Count; i++)
        {
            var style = i == 0 && firing ? Style.Bad : shown[i].Triggered ? new Style(Colour.Red) : Style.Good;
            area.Write(1, i + 1, whole ? shown[i].Message : TrafficAlertText.Short(shown[i]), style);
        }

        if (shown.Count == 0)
        {
            area.Write(1, 1, "no crossing of the threshold so far", Style.Dim);
        }
    }

    static void DrawErrors(Area area, DashboardModel model)
    {
        var errors = model.Tail.Errors;
        area.Rule(0, "Latest errors");
        for (var line = 1; line < area.Height && line <= errors.Count; line++)
        {
            RecordLine.Draw(area, line, errors[errors.Count - line], 0, withDate: false, asWritten: false);
        }

        if (errors.Count == 0)
        {
            area.Write(1, 1, "no record with status 5xx or level error so far", Style.Dim);
        }
    }
}
