using System.Buffers;
using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// <c>groups.jsonl</c>: the catalogue's groups once more, an object a line, for a catalogue that has to be rebuilt: segments
/// know nothing of groups. Nobody else reads it.
/// </summary>
static class GroupFile
{
    /// <summary>Makes the file say this, whole or not at all.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public static void Write(IFileSystem files, string directory, IReadOnlyList<StreamGroup> groups) =>
        DefinitionFile.Write(files, directory, DataLayout.GroupsFile(directory), Text(groups));

    /// <summary>The groups that the file tells; lines that are none are left out.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<StreamGroup> Read(IFileSystem files, string directory) =>
        [.. DefinitionFile.ReadLines(files, DataLayout.GroupsFile(directory)).Select(Parse).OfType<StreamGroup>().DistinctBy(group => group.Name)];

    static ReadOnlyMemory<byte> Text(IReadOnlyList<StreamGroup> groups)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var group in groups)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("name", group.Name);
                json.WriteString("match", group.Match);
                json.WriteBoolean("configured", group.IsConfigured);
                json.WriteString("created", Timestamps.ToRfc3339(group.Created));
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return buffer.WrittenMemory;
    }

    static StreamGroup? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "name") is { Length: > 0 } name && Text(root, "match") is { Length: > 0 } match
                ? new(name, match, root.TryGetProperty("configured", out var configured) && configured.ValueKind == JsonValueKind.True, Created(root))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static long Created(JsonElement root) =>
        Text(root, "created") is { } text && Timestamps.TryParseIso(Encoding.UTF8.GetBytes(text), out var time, out _) ? time : 0;
}
