using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Metrics;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.App.Tui.Views;

/// <summary>The metrics, and the chosen one as a plot; of one with segments, the chosen segment, the others small beside it.</summary>
static class MetricsView
{
    public const string Hint = "↑ ↓ metric · ← → segment · 'puppylog metrics get ID' prints all observations";

    /// <summary>Segments that have a line.</summary>
    const int MostSegments = 12;

    /// <summary>Metrics that are seen.</summary>
    public static int Page(MetricBoard? board, int height) => Math.Clamp(board?.Metrics.Count ?? 0, 1, Math.Max(1, (height - 4) / 3));

    /// <summary>Periods that fit beside each other.</summary>
    public static int Periods(int width) => Math.Max(1, Plot.Room(width));

    /// <summary>The segments of the metric that is shown, the largest first.</summary>
    public static IReadOnlyList<(string Segment, double Sum)> Segments(DashboardModel model) => model.Metrics.Value is { Shown.Segments.Length: > 0 } board
        ? [.. board.Observations.GroupBy(observation => observation.Segment)
            .Select(group => (Segment: group.Key, Sum: group.Sum(observation => observation.Value is { } value && double.IsFinite(value) ? value : 0)))
            .OrderByDescending(group => group.Sum).ThenBy(group => group.Segment, StringComparer.Ordinal)]
        : [];

    public static void Draw(Area area, DashboardModel model)
    {
        var board = model.Metrics.Value;
        area.Rule(0, "Metrics", board is { Metrics.Count: > 0 } ? TrafficText.Count(board.Metrics.Count) : "");
        if (ReadingText.Instead(model.Metrics, board?.Remark) is { } instead)
        {
            ReadingText.Draw(area.LinesFrom(2), instead);
        }
        else
        {
            DrawBoard(area, model, board!);
        }
    }

    static void DrawBoard(Area area, DashboardModel model, MetricBoard board)
    {
        var page = Page(board, area.Height);
        DrawList(area.Lines(1, page), board, model.MetricPlace, page);
        if (board.Shown is { } shown)
        {
            DrawShown(area.LinesFrom(page + 1), model, board, shown);
        }
    }

    static void DrawList(Area area, MetricBoard board, ListPlace place, int page)
    {
        place.Fit(board.Metrics.Count, page);
        var name = Math.Clamp(board.Metrics.Max(metric => Area.Columns(metric.Id)), 8, Math.Max(8, area.Width / 3));
        for (var line = 0; line < page && place.Top + line < board.Metrics.Count; line++)
        {
            var metric = board.Metrics[place.Top + line];
            area.Write(1, line, metric.Id, Style.Strong, name);
            var what = $"{metric.Statistic} per {metric.Period} s{(metric.Segments.Length > 0 ? $" by {metric.Segments}" : "")}{(metric.Filter == "*" ? "" : $" of {metric.Filter}")}{(metric.IsComplete ? "" : " (not complete yet)")}";
            area.Write(name + 3, line, what, Style.Dim);
            if (place.Top + line == place.Selected)
            {
                area.Mark(line, Weight.Reversed);
            }
        }
    }

    static void DrawShown(Area area, DashboardModel model, MetricBoard board, MetricEntry shown)
    {
        var segments = Segments(model);
        model.SegmentPlace.Fit(segments.Count, 1);
        var chosen = segments.Count == 0 ? "" : segments[model.SegmentPlace.Selected].Segment;
        var title = segments.Count == 0 ? shown.Id : $"{shown.Id}: {SegmentName(chosen)}";
        if (board.Observations.Count == 0)
        {
            area.Rule(0, title);
            area.Write(1, 1, "no observations yet", Style.Dim);
            return;
        }

        var end = End(board.Observations[^1].Start, shown, model.Watch.Now);
        var columns = Plot.Room(area.Width);
        var values = Values(board.Observations, shown, chosen, end, columns);
        var isOpen = end > model.Watch.Now * Timestamps.Second;
        var last = Last(values, isOpen);
        var most = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        area.Rule(0, title, $"last {NumberText.Format(last)} · max {NumberText.Format(most)} · {shown.Period} s a column");
        var others = segments.Count <= 1 ? 0 : Math.Min(Math.Min(MostSegments, segments.Count) + 1, Math.Max(0, area.Height - 7));
        var length = shown.Period * Timestamps.Second;
        new Plot(values, Style.Accent, Time(end - (columns * length), model.Watch.Now), Time(end, model.Watch.Now)) { IsLastOpen = isOpen }.Draw(area.Lines(1, area.Height - 1 - others));
        if (others > 1)
        {
            DrawSegments(area.LinesFrom(area.Height - others), board, shown, segments, model.SegmentPlace.Selected, end, isOpen);
        }
    }

    static void DrawSegments(Area area, MetricBoard board, MetricEntry shown, IReadOnlyList<(string Segment, double Sum)> segments, int selected, long end, bool isOpen)
    {
        area.Rule(0, $"by {shown.Segments}", $"{segments.Count} in sight, each on the same scale");
        var page = area.Height - 1;
        var first = Math.Clamp(selected - page + 1, 0, Math.Max(0, segments.Count - page));
        var name = Math.Clamp(segments.Max(segment => Area.Columns(SegmentName(segment.Segment))), 8, area.Width / 3);
        var columns = Math.Max(0, area.Width - name - 16);
        var top = board.Observations.Max(observation => observation.Value is { } value && double.IsFinite(value) ? value : 0);
        for (var line = 1; line <= page && first + line - 1 < segments.Count; line++)
        {
            var segment = segments[first + line - 1].Segment;
            var values = Values(board.Observations, shown, segment, end, columns);
            area.Write(1, line, SegmentName(segment), default, name);
            area.WriteBefore(name + 12, line, NumberText.Format(Last(values, isOpen)), Style.Strong);
            area.Write(name + 14, line, Sparkline.Draw(values, top, 1)[0], Style.Accent);
            if (first + line - 1 == selected)
            {
                // Reversed, the line of bars would be another picture.
                area.Columns(0, name + 13).Mark(line, Weight.Reversed);
            }
        }
    }

    /// <summary>The end of the last column: now, but where the newest period is long ago, its end.</summary>
    static long End(long newest, MetricEntry metric, long now)
    {
        var length = metric.Period * Timestamps.Second;
        var current = now * Timestamps.Second / length * length;
        return newest > current || current - newest > 600 * length ? newest + length : current + length;
    }

    /// <summary>A column per period; one without records is 0 for counts and sums, and a gap for others.</summary>
    static double[] Values(IReadOnlyList<Observation> observations, MetricEntry metric, string segment, long end, int columns)
    {
        var length = metric.Period * Timestamps.Second;
        var values = new double[columns];
        Array.Fill(values, metric.ZeroIsSilence ? 0 : double.NaN);
        foreach (var observation in observations)
        {
            var column = columns - ((end - observation.Start) / length);
            if (observation.Segment == segment && column >= 0 && column < columns)
            {
                values[column] = observation.Value ?? double.NaN;
            }
        }

        return values;
    }

    static string SegmentName(string segment) => segment.Length == 0 ? "-" : segment;

    /// <summary>The last value; not that of a period that is not over.</summary>
    static double Last(double[] values, bool isOpen) => Array.FindLast(isOpen && values.Length > 1 ? values[..^1] : values, double.IsFinite);

    /// <summary>With the day where it is another one than today.</summary>
    static string Time(long nanoseconds, long now)
    {
        var text = TrafficText.Time(Timestamps.FloorDiv(nanoseconds, Timestamps.Second));
        return text[..10] == TrafficText.Time(now)[..10] ? text[11..19] : $"{text[..10]} {text[11..19]}";
    }
}
