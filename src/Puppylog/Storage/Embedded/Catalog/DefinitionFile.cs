using System.Buffers;
using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>
/// A small file beside the catalogue, which repeats what people named there, an object a line, for a catalogue that has to be
/// rebuilt: segments know nothing of it. Nobody else reads it.
/// </summary>
/// <param name="path">Where it lies in a data directory.</param>
/// <param name="write">Writes the properties of an object.</param>
/// <param name="parse">Null where an object is none.</param>
/// <param name="name">Of several with one name the first counts.</param>
sealed class DefinitionFile<T>(Func<string, string> path, Action<Utf8JsonWriter, T> write, Func<JsonElement, T?> parse, Func<T, string> name)
    where T : class
{
    const long LongestFile = 64 << 20;

    public bool Exists(IFileSystem files, string directory) => files.FileExists(path(directory));

    /// <summary>Makes the file say this, whole or not at all.</summary>
    /// <exception cref="IOException">The disk does not do it.</exception>
    public void Write(IFileSystem files, string directory, IReadOnlyList<T> definitions)
    {
        var (file, text) = (path(directory), Text(definitions));
        if (text.Span.SequenceEqual(ReadBytes(files, file)))
        {
            return;
        }

        var unfinished = file + DataLayout.UnfinishedExtension;
        if (files.FileExists(unfinished))
        {
            files.Delete(unfinished);
        }

        using (var written = files.Create(unfinished))
        {
            written.Write(0, [text]);
            written.Sync();
        }

        PosixCalls.Rename(unfinished, file);
        files.SyncDirectory(directory);
    }

    /// <summary>What the file tells; lines that are none are left out.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<T> Read(IFileSystem files, string directory) =>
        [.. Encoding.UTF8.GetString(ReadBytes(files, path(directory))).Split('\n').Select(Parse).OfType<T>().DistinctBy(name)];

    /// <summary>An object's property as text; null where it is none.</summary>
    public static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>An object's property as a time in nanoseconds since 1970, UTC; 0 where it is none.</summary>
    public static long Time(JsonElement root, string name) =>
        Text(root, name) is { } text && Timestamps.TryParseIso(Encoding.UTF8.GetBytes(text), out var time, out _) ? time : 0;

    ReadOnlyMemory<byte> Text(IReadOnlyList<T> definitions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var definition in definitions)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                write(json, definition);
                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
        }

        return buffer.WrittenMemory;
    }

    T? Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object ? parse(json.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static byte[] ReadBytes(IFileSystem files, string path)
    {
        if (!files.FileExists(path))
        {
            return [];
        }

        using var file = files.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, LongestFile)];
        return file.Read(0, bytes) is var read && read < bytes.Length ? bytes[..read] : bytes;
    }
}
