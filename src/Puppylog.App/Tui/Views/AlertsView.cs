using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;

namespace Puppylog.App.Tui.Views;

/// <summary>The alerts, how they stand, and what happened.</summary>
static class AlertsView
{
    public const string Hint = "↑ ↓ alert · its history is below, the newest first";

    /// <summary>Alerts that are seen.</summary>
    public static int Page(DashboardModel model, int height) => Math.Clamp(model.AlertEntries.Count, 1, Math.Max(1, (height - 4) / 2));

    public static void Draw(Area area, DashboardModel model)
    {
        var alerts = model.AlertEntries;
        var firing = alerts.Count(alert => alert.State == AlertStanding.Firing);
        area.Rule(0, "Alerts", firing == 0 ? "all ok" : $"{firing} firing", remarkStyle: firing == 0 ? Style.Good : Style.Bad);
        var page = Page(model, area.Height);
        var place = model.AlertPlace;
        place.Fit(alerts.Count, page);
        var name = Math.Clamp(alerts.Max(alert => Area.Columns(Name(alert))), 8, Math.Max(8, area.Width / 3));
        for (var line = 0; line < page && place.Top + line < alerts.Count; line++)
        {
            DrawAlert(area, line + 1, alerts[place.Top + line], name, model.Watch.Now);
            if (place.Top + line == place.Selected)
            {
                area.Mark(line + 1, Weight.Reversed);
            }
        }

        DrawHistory(area.LinesFrom(page + 1), model, alerts[place.Selected]);
    }

    static void DrawAlert(Area area, int line, AlertEntry alert, int name, long now)
    {
        var (word, style) = alert.State switch
        {
            AlertStanding.Firing => ("▲ FIRING", Style.Bad),
            AlertStanding.Pending => ("△ pending", Style.Warning),
            AlertStanding.Silenced => ("▲ silenced", Style.Warning),
            AlertStanding.Unknown => ("  -", Style.Dim),
            _ => ("  ok", Style.Good),
        };
        area.Write(1, line, word, style, 10);
        area.Write(12, line, Name(alert), Style.Strong, name);
        var column = area.Write(name + 14, line, alert.Value, style, 16);
        column = area.Write(Math.Max(column + 2, name + 24), line, alert.Since is { } second ? $"for {Duration(now - second)}" : "");
        area.Write(Math.Max(column + 2, name + 35), line, string.Join(" · ", ((string[])[alert.Rule, alert.Remark]).Where(text => text.Length > 0)), Style.Dim);
    }

    static void DrawHistory(Area area, DashboardModel model, AlertEntry chosen)
    {
        var events = chosen.Id == TrafficAlertBoard.Id ? TrafficAlertBoard.Events(model.Watch) : (model.Alerts.Value?.Events ?? []).Where(happened => happened.Id == chosen.Id);
        area.Rule(0, $"History of {chosen.Id}", chosen.Id == TrafficAlertBoard.Id ? "since this dashboard runs" : "");
        var line = 1;
        var shown = events.Take(Math.Max(0, area.Height - 1)).ToList();
        var whole = shown.TrueForAll(happened => Area.Columns(happened.Message) < area.Width);
        foreach (var happened in shown)
        {
            var text = whole
                ? happened.Message
                : $"{Sign(happened.Kind)} {happened.Kind,-9}  {TrafficText.Time(happened.Time)}  {happened.Value}";
            area.Write(1, line++, text, happened.Kind switch
            {
                AlertEvent.Firing => new Style(Colour.Red),
                AlertEvent.Recovered => Style.Good,
                _ => Style.Dim,
            });
        }

        if (line == 1)
        {
            area.Write(1, 1, "nothing has happened", Style.Dim);
        }

        if (model.Alerts is { Failure: { } failure })
        {
            area.Write(1, area.Height - 1, $"Alerts on metrics cannot be read: {failure}", Style.Warning);
        }
        else if (model.Alerts.Value?.Remark is { } remark)
        {
            area.Write(1, area.Height - 1, remark, Style.Dim);
        }
    }

    static char Sign(string kind) => kind switch
    {
        AlertEvent.Firing => '▲',
        AlertEvent.Recovered => '▼',
        _ => '△',
    };

    static string Name(AlertEntry alert) => alert.Segment.Length == 0 ? alert.Id : $"{alert.Id} ({alert.Segment})";

    static string Duration(long seconds) => seconds switch
    {
        < 0 => "0 s",
        < 120 => $"{seconds} s",
        < 7200 => $"{seconds / 60} min",
        < 172_800 => $"{seconds / 3600} h",
        _ => $"{seconds / 86_400} d",
    };
}
