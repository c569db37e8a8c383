using System.Buffers;
using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// <c>metrics.jsonl</c>: the catalogue's metrics once more, an object a line, for a catalogue that has to be rebuilt: segments
/// know nothing of metrics. Nobody else reads it.
/// </summary>
static class MetricFile
{
    /// <summary>Makes the file say this, whole or not at all; a store that never had a metric gets none.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static void Write(IFileSystem files, string directory, IReadOnlyList<MetricRow> metrics) =>
        DefinitionFile.Write(files, directory, DataLayout.MetricsFile(directory), Text(metrics));

    /// <summary>Identifier, definition and creation of each metric; lines that are none are left out.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<(string Id, string Definition, long Created)> Read(IFileSystem files, string directory) =>
        [.. DefinitionFile.ReadLines(files, DataLayout.MetricsFile(directory)).Select(Parse).Where(metric => metric.Id.Length > 0).DistinctBy(metric => metric.Id)];

    static ReadOnlyMemory<byte> Text(IReadOnlyList<MetricRow> metrics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var metric in metrics)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("id", metric.Id);
                json.WriteString("definition", metric.Definition);
                json.WriteString("created", Timestamps.ToRfc3339(metric.Created));
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return buffer.WrittenMemory;
    }

    static (string Id, string Definition, long Created) Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "id") is { Length: > 0 } id && Text(root, "definition") is { Length: > 0 } definition
                ? (id, definition, Text(root, "created") is { } text && Timestamps.TryParseIso(Encoding.UTF8.GetBytes(text), out var time, out _) ? time : 0)
                : ("", "", 0);
        }
        catch (JsonException)
        {
            return ("", "", 0);
        }
    }

    static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
