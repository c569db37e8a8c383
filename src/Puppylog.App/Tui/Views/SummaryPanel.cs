using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.App.Tui.Views;

/// <summary>The traffic of an interval as a whole: how much, from how many, with which status.</summary>
static class SummaryPanel
{
    const int NameWidth = 10;

    /// <summary>Lines that it needs, its rule included.</summary>
    public static int Height(TrafficSummary summary) => 1 + Totals(summary).Count + Classes(summary).Count;

    /// <summary>Lines that it needs where two classes of status share one.</summary>
    public static int SmallHeight(TrafficSummary summary) => 1 + Totals(summary).Count + ((Classes(summary).Count + 1) / 2);

    public static void Draw(Area area, TrafficSummary summary, string span, bool bars)
    {
        area.Rule(0, "Traffic", span);
        var line = 1;
        foreach (var (name, value, style) in Totals(summary))
        {
            area.Write(1, line, name, Style.Dim);
            area.Write(NameWidth, line++, value, style);
        }

        if (area.Height < Height(summary))
        {
            DrawPairs(area.LinesFrom(line), Classes(summary));
            return;
        }

        var most = Math.Max(1, summary.StatusClasses.Max());
        foreach (var (name, count, style) in Classes(summary))
        {
            area.Write(1, line, name, Style.Dim);
            area.WriteBefore(NameWidth + 9, line, TrafficText.Count(count), style);
            area.WriteBefore(NameWidth + 16, line, summary.Requests == 0 ? "" : TrafficText.Percent((double)count / summary.Requests), Style.Dim);
            var bar = area.Width - NameWidth - 17;
            if (bars && bar >= 4)
            {
                area.Write(NameWidth + 17, line, Gauge.Draw(count, most, bar), style == default ? Style.Accent : style);
            }

            line++;
        }
    }

    static void DrawPairs(Area area, List<(string Name, long Count, Style Style)> classes)
    {
        for (var i = 0; i < classes.Count; i++)
        {
            var column = 1 + (i % 2 * 15);
            area.Write(column, i / 2, classes[i].Name, Style.Dim);
            area.WriteBefore(column + 13, i / 2, TrafficText.Count(classes[i].Count), classes[i].Style);
        }
    }

    static List<(string Name, string Value, Style Style)> Totals(TrafficSummary summary)
    {
        List<(string, string, Style)> totals =
        [
            ("records", $"{TrafficText.Count(summary.Requests)}  {TrafficText.Rate(summary.RequestsPerSecond)}/s", Style.Strong),
            ("bytes", $"{TrafficText.Bytes(summary.Bytes)}  {TrafficText.Bytes(summary.Bytes / summary.Seconds)}/s", default),
            ("clients", TrafficText.Clients(summary), default),
            ("errors", $"{TrafficText.Percent(summary.ErrorRate)} (5xx)", summary.StatusClasses[4] > 0 ? Style.Bad : Style.Good),
        ];
        if (summary.Invalid > 0)
        {
            totals.Add(("invalid", $"{TrafficText.Count(summary.Invalid)} lines", Style.Bad));
        }

        if (summary.Late > 0)
        {
            totals.Add(("late", $"{TrafficText.Count(summary.Late)} lines", Style.Warning));
        }

        return totals;
    }

    static List<(string Name, long Count, Style Style)> Classes(TrafficSummary summary) =>
    [
        .. summary.StatusClasses.Select((count, index) => ($"{index + 1}xx", count, index == 4 && count > 0 ? new Style(Colour.Red) : index == 3 && count > 0 ? Style.Warning : default))
            .Where(entry => entry.count > 0 || entry.Item1 != "1xx"),
    ];
}
