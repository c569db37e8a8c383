using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.Metrics;

namespace Puppylog.App.Tui.Views;

/// <summary>The sections with the most hits.</summary>
static class SectionPanel
{
    /// <summary>Columns of hits and share.</summary>
    const int NumbersWidth = 19;

    public static void Draw(Area area, TrafficSummary summary, string span)
    {
        area.Rule(0, "Sections", span);
        var most = summary.Sections.Count == 0 ? 1 : summary.Sections.Max(section => section.Hits);
        var bar = area.Width >= 44 ? (area.Width - NumbersWidth) / 2 : 0;
        for (var line = 1; line < area.Height && line <= summary.Sections.Count; line++)
        {
            var section = summary.Sections[line - 1];
            area.WriteBefore(10, line, TrafficText.Count(section.Hits), Style.Strong);
            area.WriteBefore(17, line, TrafficText.Percent((double)section.Hits / summary.Requests), Style.Dim);
            area.Write(NumbersWidth, line, section.Name, default, area.Width - NumbersWidth - bar - 1);
            area.Write(area.Width - bar, line, Gauge.Draw(section.Hits, most, bar), Style.Accent);
        }

        if (summary.Sections.Count == 0)
        {
            area.Write(1, 1, "no traffic", Style.Dim);
        }
    }
}
