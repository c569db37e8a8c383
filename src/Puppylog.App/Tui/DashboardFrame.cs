using System.Globalization;
using Puppylog.Alerts;
using Puppylog.App.Watch;
using Puppylog.Metrics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Puppylog.App.Tui;

/// <summary>
/// One picture of what is watched, for a terminal of a certain size: rate and sparkline, sections, summary, alerts and a
/// status bar. Text from outside is cleaned and never read as markup. Call it under the state's lock.
/// </summary>
sealed class DashboardFrame(WatchState state, int width, int height)
{
    /// <summary>Smaller terminals get plain lines.</summary>
    const int MinWidth = 60;
    const int MinHeight = 16;

    /// <summary>A panel's borders and padding, side by side.</summary>
    const int PanelColumns = 4;

    /// <summary>Columns from which on all times of a route are shown.</summary>
    const int RouteColumns = 50;

    static readonly Style Dim = new(decoration: Decoration.Dim);
    static readonly Style Strong = new(decoration: Decoration.Bold);
    static readonly Style Good = new(Color.Green);
    static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    static readonly Style Accent = new(Color.Aqua);

    /// <summary>What the panels show: the last interval, or the first while it runs.</summary>
    TrafficSummary Shown => state.Last ?? (state.Current ?? new TrafficWindow(state.Now)).Summarize(Math.Max(state.Now, (state.Current?.Start ?? state.Now) + 1));

    public IRenderable Build()
    {
        if (width < MinWidth || height < MinHeight)
        {
            return Plain();
        }

        var chart = Math.Clamp(3 + ((height - 24) / 3), 1, 12);
        var alerts = Math.Clamp(height / 5, 4, 12);
        var left = width * 11 / 20;
        var inner = height - 2 - (chart + 3) - alerts - 2;
        var summary = Shown;
        return new Layout().SplitRows(
            new Layout(Header()).Size(1),
            new Layout(Rate(chart)).Size(chart + 3),
            new Layout().Size(inner + 2).SplitColumns(
                new Layout(Sections(summary, left - PanelColumns, inner)).Size(left),
                new Layout(Summary(summary, width - left - PanelColumns, inner)).Size(width - left)),
            new Layout(Alerts(alerts - 2)).Size(alerts),
            new Layout(StatusBar()).Size(1));
    }

    Paragraph Header()
    {
        // Before the first second of the clock, or of the log, there is none.
        var time = state.Now == 0 ? "" : TrafficText.Time(state.Now);
        var room = width - time.Length - 2;
        var title = SafeText.Clean($"puppylog monitor  {state.Settings.Source}", room);
        return new Paragraph(title, Strong).Append(new string(' ', width - time.Length - SafeText.Width(title)) + time, Dim);
    }

    Panel Rate(int rows)
    {
        var columns = width - PanelColumns;
        var rates = state.Rates.Last(columns);
        var peak = rates.Length == 0 ? 0 : rates.Max();
        var rule = state.Settings.Rule;
        var average = AlertTransition.FormatAverage(state.Alert.Hits, rule.Window);
        var text = new Paragraph();
        text.Append($"now {TrafficText.Count(rates.Length == 0 ? 0 : rates[^1])}/s  ", Strong);
        text.Append($"average {average}/s  ", state.Alert.IsFiring ? Bad : Good);
        text.Append($"threshold {rule.Threshold.ToString("0.##", CultureInfo.InvariantCulture)}/s  peak {TrafficText.Count(peak)}/s", Dim);
        foreach (var line in Sparkline.Draw(rates, peak, rows))
        {
            text.Append("\n" + line.PadLeft(columns), state.Alert.IsFiring ? Bad : Accent);
        }

        return Box("Requests per second", text, rows + 3);
    }

    Panel Sections(TrafficSummary summary, int columns, int rows)
    {
        var text = new Paragraph();
        var most = summary.Sections.Count == 0 ? 1 : summary.Sections[0].Hits;
        // Hits, share, name, and a bar where there is room for one.
        var bar = columns >= 60 ? columns / 4 : 0;
        foreach (var (section, index) in summary.Sections.Take(rows).Select((section, index) => (section, index)))
        {
            var name = columns - 18 - (bar > 0 ? bar + 1 : 0);
            var clean = SafeText.Clean(section.Name, name);
            text.Append(index == 0 ? "" : "\n");
            text.Append(TrafficText.Count(section.Hits).PadLeft(9), Strong);
            text.Append(TrafficText.Percent((double)section.Hits / summary.Requests).PadLeft(7) + "  ", Dim);
            text.Append(clean);
            if (bar > 0)
            {
                var filled = (int)Math.Ceiling((double)section.Hits / most * bar);
                text.Append(new string(' ', name - SafeText.Width(clean) + 1) + new string('▪', Math.Clamp(filled, 1, bar)), Accent);
            }
        }

        if (summary.Sections.Count == 0)
        {
            text.Append("no traffic", Dim);
        }

        return Box(state.Now == 0 ? "Sections" : $"Sections, {Span(summary)}", text, rows + 2);
    }

    static Panel Summary(TrafficSummary summary, int columns, int rows)
    {
        var lines = new List<(string Name, string Value, Style? Style)>
        {
            ("requests", $"{TrafficText.Count(summary.Requests)}  {TrafficText.Rate(summary.RequestsPerSecond)}/s", Strong),
            ("bytes", TrafficText.Bytes(summary.Bytes), null),
            ("clients", TrafficText.Clients(summary), null),
            ("2xx 3xx", $"{TrafficText.Count(summary.StatusClasses[1])}  {TrafficText.Count(summary.StatusClasses[2])}", null),
            ("4xx 5xx", $"{TrafficText.Count(summary.StatusClasses[3])}  {TrafficText.Count(summary.StatusClasses[4])}", null),
            ("errors", $"{TrafficText.Percent(summary.ErrorRate)} (5xx)", summary.StatusClasses[4] > 0 ? Bad : Good),
        };
        if (summary.StatusClasses[0] > 0)
        {
            lines.Add(("1xx", TrafficText.Count(summary.StatusClasses[0]), null));
        }

        if (summary.Invalid > 0)
        {
            lines.Add(("invalid", $"{TrafficText.Count(summary.Invalid)} lines", Bad));
        }

        var text = new Paragraph();
        foreach (var (name, value, style) in lines.Take(rows))
        {
            text.Append(name.PadRight(9), Dim);
            text.Append(SafeText.Clean(value, columns - 9) + "\n", style);
        }

        var left = rows - lines.Count - 1;
        if (summary.SlowestRoutes.Count > 0 && left > 0)
        {
            AddSlowest(text, summary.SlowestRoutes.Take(left), columns);
        }

        return Box("Traffic", text, rows + 2);
    }

    static void AddSlowest(Paragraph text, IEnumerable<RouteTiming> routes, int columns)
    {
        var wide = columns >= RouteColumns;
        text.Append(SafeText.Clean(wide ? $"{"mean",9}{"p95",9}{"max",9}  slowest routes" : $"{"p95",9}  slowest routes", columns) + "\n", Dim);
        foreach (var route in routes)
        {
            var p95 = $"{TrafficText.Duration(route.P95),9}";
            var times = (wide ? $"{TrafficText.Duration(route.Mean),9}{p95}{TrafficText.Duration(route.Max),9}" : p95) + "  ";
            text.Append(SafeText.Clean(times, columns), Strong);
            text.Append(SafeText.Clean(route.Path, columns - Math.Min(columns, times.Length)) + "\n");
        }
    }

    Panel Alerts(int rows)
    {
        var text = new Paragraph();
        var shown = Enumerable.Reverse(state.History).Take(rows).ToList();
        // The contract's words do not fit into 80 columns; they are printed when the dashboard is left.
        var whole = shown.TrueForAll(transition => transition.Message.Length <= width - PanelColumns);
        foreach (var (transition, index) in shown.Select((transition, index) => (transition, index)))
        {
            var style = index == 0 && state.Alert.IsFiring ? Bad : transition.Triggered ? new Style(Color.Red) : Good;
            text.Append((index == 0 ? "" : "\n") + (whole ? transition.Message : Short(transition)), style);
        }

        if (shown.Count == 0)
        {
            text.Append("none so far", Dim);
        }

        var panel = Box(state.Alert.IsFiring ? "Alerts: HIGH TRAFFIC" : "Alerts", text, rows + 2);
        panel.BorderStyle = state.Alert.IsFiring ? Bad : null;
        return panel;
    }

    static string Short(AlertTransition transition) =>
        $"{(transition.Triggered ? "▲ high traffic" : "▼ recovered   ")}  {transition.TimeText}  {transition.Value} hits/s";

    Paragraph StatusBar()
    {
        if (state.Notice is { } notice)
        {
            return new Paragraph(SafeText.Clean(notice, width), new Style(Color.Yellow));
        }

        var settings = state.Settings;
        var text = $"q quits · interval {settings.Interval} s · window {settings.Rule.Window} s · {TrafficText.Count(state.Requests)} requests so far";
        return new Paragraph(SafeText.Clean(text, width), Dim);
    }

    Paragraph Plain()
    {
        var summary = Shown;
        var lines = new List<string>
        {
            $"{(state.Alert.IsFiring ? "HIGH TRAFFIC " : "")}{AlertTransition.FormatAverage(state.Alert.Hits, state.Settings.Rule.Window)}/s on average",
            $"{TrafficText.Count(summary.Requests)} requests, {TrafficText.Rate(summary.RequestsPerSecond)}/s, {TrafficText.Percent(summary.ErrorRate)} errors",
        };
        lines.AddRange(summary.Sections.Select(section => $"{TrafficText.Count(section.Hits),8}  {section.Name}"));
        return new Paragraph(string.Join('\n', lines.Take(height).Select(line => SafeText.Clean(line, width))));
    }

    static string Span(TrafficSummary summary) => $"{TrafficText.Time(summary.Start)[11..19]} to {TrafficText.Time(summary.End)[11..19]}";

    static Panel Box(string title, Paragraph content, int rows)
    {
        content.Overflow = Overflow.Fold;
        return new Panel(content) { Header = new PanelHeader($" {title} "), Height = rows, Expand = true, Border = BoxBorder.Rounded, Padding = new Padding(1, 0) };
    }
}
