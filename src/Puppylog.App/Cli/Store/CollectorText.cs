using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.App.Collecting;

namespace Puppylog.App.Cli.Store;

/// <summary>How the sources of collecting processes stand, as people and programs read it.</summary>
static class CollectorText
{
    const int MaxText = 200;
    const int MaxListed = 20;

    public static void Add(StringBuilder text, IReadOnlyList<CollectorState> collectors)
    {
        foreach (var collector in collectors)
        {
            var lag = collector.Lag > 0 ? $", {CollectSummaryText.Size(collector.Lag)} behind" : "";
            var hindered = collector.Hindered > 0 ? $", {Count(collector.Hindered)} cannot be read" : "";
            StatusText.Row(text, "collecting", string.Create(CultureInfo.InvariantCulture, $"pid {collector.Process}: {Count(collector.Sources)}{lag}{hindered}"));
            AddTroubles(text, collector);
        }
    }

    /// <summary>The sources that cannot be read; empty where there are none.</summary>
    public static string Troubles(IReadOnlyList<CollectorState> collectors)
    {
        var text = new StringBuilder();
        foreach (var collector in collectors.Where(collector => collector.Hindered > 0))
        {
            text.Append(text.Length == 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"{Count(collector.Hindered)} cannot be read (pid {collector.Process}):\n");
            AddTroubles(text, collector);
        }

        return text.ToString();
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<CollectorState> collectors)
    {
        json.WriteStartArray("collectors");
        foreach (var collector in collectors)
        {
            json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(collector, CollectorJson.Default.CollectorState));
        }

        json.WriteEndArray();
    }

    static void AddTroubles(StringBuilder text, CollectorState collector)
    {
        var listed = 0;
        foreach (var entry in collector.List.Where(entry => entry.Trouble is not null).Take(MaxListed))
        {
            listed++;
            text.Append(CultureInfo.InvariantCulture, $"  {Visible(entry.Trouble!)} (since {entry.Since})\n");
        }

        if (collector.Hindered > listed)
        {
            text.Append(CultureInfo.InvariantCulture, $"  and {collector.Hindered - listed:N0} more\n");
        }
    }

    static string Count(int sources) => StatusText.Count(sources, "source");

    static string Visible(string text) => TerminalText.Visible(Encoding.UTF8.GetBytes(text), MaxText);
}
