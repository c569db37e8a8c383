using System.Text.Json;
using Puppylog.Alerts;
using Puppylog.App.Cli;
using Puppylog.Metrics;

namespace Puppylog.App.Watch;

/// <summary>One compact JSON object a line: an interval, a silence, or a crossing of the threshold.</summary>
sealed class JsonDisplay(LineOutput output, TextWriter notices) : IWatchDisplay
{
    public void Alert(AlertTransition transition) => Write(json =>
    {
        json.WriteString("alert", transition.Triggered ? "triggered" : "recovered");
        json.WritePropertyName("hits");
        json.WriteRawValue(transition.Value);
        json.WriteString("time", transition.TimeText);
        json.WriteString("message", transition.Message);
    });

    public void Interval(TrafficSummary summary) => Write(json =>
    {
        json.WriteString("start", TrafficText.Time(summary.Start));
        json.WriteString("end", TrafficText.Time(summary.End));
        json.WriteNumber("requests", summary.Requests);
        json.WriteNumber("requests_per_second", Math.Round(summary.RequestsPerSecond, 3));
        json.WriteNumber("bytes", summary.Bytes);
        json.WriteNumber("clients", summary.Clients);
        if (summary.MoreClients)
        {
            json.WriteBoolean("clients_at_least", true);
        }

        json.WriteStartObject("status");
        for (var index = 0; index < summary.StatusClasses.Count; index++)
        {
            json.WriteNumber($"{index + 1}xx", summary.StatusClasses[index]);
        }

        json.WriteEndObject();
        json.WriteNumber("error_rate", Math.Round(summary.ErrorRate, 6));
        json.WriteNumber("invalid", summary.Invalid);
        json.WriteNumber("late", summary.Late);
        json.WriteStartArray("sections");
        foreach (var section in summary.Sections)
        {
            json.WriteStartObject();
            json.WriteString("section", section.Name);
            json.WriteNumber("hits", section.Hits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("slowest_routes");
        foreach (var route in summary.SlowestRoutes)
        {
            json.WriteStartObject();
            json.WriteString("path", route.Path);
            json.WriteNumber("requests", route.Requests);
            json.WriteNumber("mean", route.Mean);
            json.WriteNumber("p95", route.P95);
            json.WriteNumber("max", route.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public void Silence(long start, long end, long intervals) => Write(json =>
    {
        json.WriteString("start", TrafficText.Time(start));
        json.WriteString("end", TrafficText.Time(end));
        json.WriteNumber("requests", 0);
        json.WriteNumber("intervals", intervals);
    });

    public void Unplaced(long invalid, long late) => Write(json =>
    {
        json.WriteNumber("invalid", invalid);
        json.WriteNumber("late", late);
    });

    public void Notice(string sentence) => notices.WriteLine($"puppylog: {sentence}");

    void Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        output.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
