using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.Metrics;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Metrics;

/// <summary>How metrics are shown.</summary>
static class MetricText
{
    public static string Table(IReadOnlyList<(MetricDefinition Metric, MetricRow Row)> metrics)
    {
        if (metrics.Count == 0)
        {
            return "no metrics\n";
        }

        string[][] rows =
        [
            ["METRIC", "STATISTIC", "PERIOD", "SEGMENTS", "FILTER"],
            .. metrics.Select(known => (string[])
            [
                known.Metric.Id, Statistic(known.Metric), Seconds(known.Metric.Period), known.Metric.Segments.IsEmpty ? "-" : string.Join(',', known.Metric.Segments),
                known.Metric.Filter + (known.Row.IsFilled ? "" : "  (not complete: what was there before is being counted, or that was broken off; then create it again)"),
            ]),
        ];
        return Columns(rows);
    }

    public static string Meta(MetricDefinition metric, MetricRow row) => Columns(
    [
        ["metric", metric.Id],
        ["statistic", Statistic(metric)],
        ["filter", metric.Filter],
        ["period", Seconds(metric.Period)],
        ["refresh", Seconds(metric.Refresh)],
        ["segments", metric.Segments.IsEmpty ? "-" : string.Join(',', metric.Segments)],
        ["top", string.Create(CultureInfo.InvariantCulture, $"{metric.Top} segments of a period, the rest as '{MetricDefinition.Other}'")],
        ["lateness", Seconds(metric.Lateness)],
        ["named by", metric.IsConfigured ? "the configuration" : "metrics create"],
        ["created", Timestamps.ToRfc3339(row.Created)],
        ["complete", row.IsFilled ? "yes" : "no"],
    ]);

    public static string Json(IEnumerable<(MetricDefinition Metric, MetricRow Row)> metrics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (metric, row) in metrics)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("metric", metric.Id);
                json.WriteString("statistic", metric.Statistic.Name);
                json.WriteString("property", metric.Property);
                json.WriteString("filter", metric.Filter);
                json.WriteNumber("period", metric.Period);
                json.WriteNumber("refresh", metric.Refresh);
                json.WriteStartArray("segments");
                foreach (var segment in metric.Segments)
                {
                    json.WriteStringValue(segment);
                }

                json.WriteEndArray();
                json.WriteNumber("top", metric.Top);
                json.WriteNumber("lateness", metric.Lateness);
                json.WriteBoolean("configured", metric.IsConfigured);
                json.WriteString("created", Timestamps.ToRfc3339(row.Created));
                json.WriteBoolean("complete", row.IsFilled);
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Left-aligned, two spaces between.</summary>
    public static string Columns(IReadOnlyList<string[]> cells)
    {
        var rows = cells.Select(row => row.Select(Clean).ToArray()).ToList();
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    /// <summary>What comes out of a log, so that it cannot drive a terminal.</summary>
    public static string Clean(string text) => TerminalText.Visible(Encoding.UTF8.GetBytes(text), 200);

    static string Statistic(MetricDefinition metric) => metric.Property is null ? metric.Statistic.Name : $"{metric.Statistic.Name} of {metric.Property}";

    static string Seconds(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds} s");
}
