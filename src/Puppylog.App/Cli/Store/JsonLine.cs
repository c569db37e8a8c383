using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Puppylog.App.Cli.Store;

/// <summary>A result as one compact JSON object on a line.</summary>
static class JsonLine
{
    public static string Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    public static void WriteOptional(this Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    public static void WriteOptional(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>A time as RFC 3339; left out where there is none.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, long? nanoseconds) =>
        json.WriteOptional(name, nanoseconds is { } time ? Records.Timestamps.ToRfc3339(time) : null);
}
