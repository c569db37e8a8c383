using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Views;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui;

/// <summary>The whole picture: a line of title, the view, a line about it, a line of keys. Model and size in, cells out.</summary>
static class Screen
{
    /// <summary>What is narrower or lower gets a few plain lines.</summary>
    const int LeastWidth = 30;
    const int LeastHeight = 8;

    /// <summary>From here on the line about the view has a place of its own.</summary>
    const int HeightForRemarks = 14;

    /// <summary>Before the first tab.</summary>
    const string Lead = " ";

    static readonly string[] Names = ["Overview", "Tail", "Streams", "Metrics", "Alerts"];

    /// <summary>Call it under the watch state's lock.</summary>
    public static Canvas Draw(DashboardModel model)
    {
        var canvas = new Canvas(Math.Max(1, model.Width), Math.Max(1, model.Height));
        var area = canvas.Whole;
        if (area.Width < LeastWidth || area.Height < LeastHeight)
        {
            DrawTiny(area, model);
            return canvas;
        }

        DrawTitle(area.Lines(0, 1), model);
        var content = area.Lines(1, ContentLines(model));
        if (model.ShowsHelp)
        {
            HelpView.Draw(content);
        }
        else
        {
            DrawView(content, model);
        }

        if (area.Height >= HeightForRemarks)
        {
            DrawRemark(area.Lines(area.Height - 2, 1), model);
        }

        DrawKeys(area.Lines(area.Height - 1, 1), model);
        return canvas;
    }

    /// <summary>Lines that the view has.</summary>
    public static int ContentLines(DashboardModel model) => Math.Max(0, model.Height - (model.Height >= HeightForRemarks ? 3 : 2));

    /// <summary>The view whose tab is there; null where none is.</summary>
    public static ViewKind? ViewAt(DashboardModel model, int column, int line)
    {
        var from = Lead.Length;
        for (var i = 0; i < Names.Length && line == model.Height - 1; i++)
        {
            var width = Tab(model, i).Length;
            if (column >= from && column < from + width)
            {
                return (ViewKind)i;
            }

            from += width;
        }

        return null;
    }

    static void DrawView(Area content, DashboardModel model)
    {
        switch (model.View)
        {
            case ViewKind.Overview:
                OverviewView.Draw(content, model);
                break;
            case ViewKind.Tail:
                TailView.Draw(content, model);
                break;
            case ViewKind.Streams:
                StreamsView.Draw(content, model);
                break;
            case ViewKind.Metrics:
                MetricsView.Draw(content, model);
                break;
            case ViewKind.Alerts:
                AlertsView.Draw(content, model);
                break;
        }
    }

    static void DrawTitle(Area line, DashboardModel model)
    {
        var watch = model.Watch;
        // Before the first second of the clock, or of the log, there is none.
        var time = watch.Now == 0 ? "" : TrafficText.Time(watch.Now).Replace('T', ' ').Replace("Z", " UTC", StringComparison.Ordinal);
        time = line.Width >= 70 ? time : time.Length > 19 ? time[11..19] : time;
        var end = line.Write(1, 0, "puppylog", Style.Strong);
        line.WriteBefore(line.Width - 1, 0, time, Style.Dim);
        var firing = model.AlertEntries.Count(alert => alert.State == Watch.Boards.AlertStanding.Firing);
        var state = firing == 0 ? "" : firing == 1 ? " 1 ALERT " : $" {firing} ALERTS ";
        var room = line.Width - time.Length - 2 - state.Length - (state.Length > 0 ? 1 : 0);
        line.Write(room + 1, 0, state, Style.Bad with { Weight = Weight.Bold | Weight.Reversed });
        line.Columns(0, room).Write(end + 2, 0, watch.Settings.Source, Style.Accent);
    }

    static void DrawRemark(Area line, DashboardModel model)
    {
        var watch = model.Watch;
        if (watch.Notice is { } notice)
        {
            line.Write(1, 0, notice, Style.Warning);
            return;
        }

        var text = model.Ended ?? Hint(model);
        line.Write(1, 0, text, model.Ended is null ? Style.Dim : Style.Warning);
    }

    static string Hint(DashboardModel model) => model.ShowsHelp ? "Esc closes the help" : model.View switch
    {
        ViewKind.Overview => OverviewView.Hint(model),
        ViewKind.Tail => TailView.Hint(model),
        ViewKind.Streams => StreamsView.Hint(model),
        ViewKind.Metrics => MetricsView.Hint,
        _ => AlertsView.Hint,
    };

    static void DrawKeys(Area line, DashboardModel model)
    {
        var column = line.Write(0, 0, Lead);
        for (var i = 0; i < Names.Length; i++)
        {
            var tab = Tab(model, i);
            column = line.Write(column, 0, tab, (int)model.View == i ? Style.Selected : default);
        }

        var rest = line.Width - column;
        line.WriteBefore(line.Width - 1, 0, rest >= 16 ? "? help  q quit" : rest >= 8 ? "q quit" : "", Style.Dim);
    }

    /// <summary>The number alone where names have no room.</summary>
    static string Tab(DashboardModel model, int view) => model.Width >= 60 ? $" {view + 1} {Names[view]} " : $" {view + 1} ";

    static void DrawTiny(Area area, DashboardModel model)
    {
        var firing = model.Watch.Alert.IsFiring;
        string[] lines =
        [
            $"too small: {area.Width}×{area.Height}",
            $"{(firing ? "HIGH TRAFFIC " : "")}{TrafficAlertText.Average(model.Watch)}/s",
            $"{TrafficText.Count(model.Watch.Requests)} records",
            "q quits",
        ];
        for (var i = 0; i < lines.Length; i++)
        {
            area.Write(0, i, lines[i], i == 1 && firing ? Style.Bad : default);
        }
    }
}
