using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.Metrics;
using Puppylog.Query.Values;
using Puppylog.Records;

namespace Puppylog.App.Cli.Metrics;

/// <summary>How observations are shown.</summary>
static class ObservationText
{
    const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>Periods that fit beside each other.</summary>
    const int PlotWidth = 60;

    /// <summary>Segments that get a plot.</summary>
    const int MostPlots = 8;

    public static string Json(IEnumerable<Observation> observations)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var observation in observations)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("metric", observation.Metric);
                json.WriteString("time", Timestamps.ToRfc3339(observation.Start));
                json.WriteString("segment", observation.Segment);
                if (observation.Value is { } value)
                {
                    json.WritePropertyName("value");
                    json.WriteRawValue(NumberText.Format(value));
                }
                else
                {
                    json.WriteNull("value");
                }

                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The observations that are shown, and below them how they went.</summary>
    public static string Table(MetricDefinition metric, MetricReading reading, IReadOnlyList<Observation> shown)
    {
        var all = reading.Observations;
        if (all.Count == 0)
        {
            return $"{metric.Id}: no observations\n";
        }

        var hasSegments = !metric.Segments.IsEmpty;
        string[] head = hasSegments ? ["TIME", string.Join(',', metric.Segments).ToUpperInvariant(), "VALUE"] : ["TIME", "VALUE"];
        var rows = shown.Select(observation => (string[])
        [
            Timestamps.ToRfc3339(observation.Start), .. hasSegments ? (string[])[observation.Segment.Length == 0 ? "-" : observation.Segment] : [], Number(observation.Value),
            observation.Start + metric.PeriodLength > reading.FinalUntil ? "provisional" : "",
        ]);
        return MetricText.Columns([[.. head, ""], .. rows]) + "\n" + Plots(metric, all) + Notes(metric, reading);
    }

    /// <summary>What is shown together, and what that hides.</summary>
    static string Notes(MetricDefinition metric, MetricReading reading)
    {
        if (reading.Together == 0)
        {
            return "";
        }

        var most = string.Create(CultureInfo.InvariantCulture, $"the {metric.Top:N0} segments with the most records are shown, each exactly, the records of the others as '{MetricDefinition.Other}', in {reading.Together:N0} period{(reading.Together == 1 ? "" : "s")}");
        return reading.Overflown == 0 ? most + "\n" : most + string.Create(
            CultureInfo.InvariantCulture, $"; {reading.Overflown:N0} had more than {metric.KeptSegments:N0}: what came after so many others is among '{MetricDefinition.Other}', however many records it has\n");
    }

    static string Plots(MetricDefinition metric, IReadOnlyList<Observation> all)
    {
        var last = all[^1].Start;
        var first = Math.Max(all[0].Start, last - ((PlotWidth - 1) * metric.PeriodLength));
        var recent = all.SkipWhile(observation => observation.Start < first).Where(observation => observation.Value is { } value && double.IsFinite(value)).ToList();
        if (recent.Count == 0)
        {
            return "";
        }

        var segments = recent.GroupBy(observation => observation.Segment).OrderByDescending(group => group.Sum(observation => observation.Value!.Value)).ToList();
        var top = recent.Max(observation => observation.Value!.Value);
        var width = segments.Take(MostPlots).Max(group => MetricText.Clean(group.Key).Length);
        var text = new StringBuilder();
        foreach (var group in segments.Take(MostPlots))
        {
            var line = new char[(int)((last - first) / metric.PeriodLength) + 1];
            Array.Fill(line, ' ');
            foreach (var observation in group)
            {
                var height = top > 0 ? (int)Math.Ceiling(observation.Value!.Value / top * Heights.Length) : 1;
                line[(int)((observation.Start - first) / metric.PeriodLength)] = Heights[Math.Clamp(height, 1, Heights.Length) - 1];
            }

            text.Append(CultureInfo.InvariantCulture, $"{MetricText.Clean(group.Key).PadRight(width)}{(width > 0 ? "  " : "")}{new string(line).TrimEnd()}\n");
        }

        var others = segments.Count > MostPlots ? string.Create(CultureInfo.InvariantCulture, $"; {segments.Count - MostPlots} more segments") : "";
        return text.Append(CultureInfo.InvariantCulture, $"{Timestamps.ToRfc3339(first)} to {Timestamps.ToRfc3339(last)}, {metric.Period} s each, up to {Number(top)}{others}\n").ToString();
    }

    static string Number(double? value) => value is { } number ? NumberText.Format(number) : "-";
}
