using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.Records;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Keys;

/// <summary>What <c>keys</c> prints; never a key.</summary>
static class KeysText
{
    public static string Table(IReadOnlyList<ApiKey> keys, long now)
    {
        if (keys.Count == 0)
        {
            return "no keys: a server lets in anybody on this machine, and nobody else; 'puppylog keys create NAME --role ingest|read|admin' makes one\n";
        }

        var text = new StringBuilder();
        var width = Math.Max(4, keys.Max(key => key.Name.Length));
        text.Append("NAME".PadRight(width)).Append("  ROLE    CREATED     EXPIRES     STREAMS\n");
        foreach (var key in keys)
        {
            var expires = key.Expires is { } end ? key.IsValid(now) ? Day(end) : "expired" : "-";
            text.Append(CultureInfo.InvariantCulture, $"{key.Name.PadRight(width)}  {Role(key),-6}  {Day(key.Created),-10}  {expires,-10}  {key.Streams ?? "all"}\n");
        }

        return text.ToString();
    }

    /// <summary>An object a line.</summary>
    public static string Json(IReadOnlyList<ApiKey> keys)
    {
        using var lines = new MemoryStream();
        foreach (var key in keys)
        {
            using (var json = new Utf8JsonWriter(lines, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                json.WriteString("name", key.Name);
                json.WriteString("role", Role(key));
                json.WriteString("streams", key.Streams);
                json.WriteString("created", Timestamps.ToRfc3339(key.Created));
                json.WriteString("expires", key.Expires is { } end ? Timestamps.ToRfc3339(end) : null);
                json.WriteEndObject();
            }

            lines.Write("\n"u8);
        }

        return Encoding.UTF8.GetString(lines.ToArray());
    }

    static string Role(ApiKey key) => key.Role switch { ApiRole.Ingest => "ingest", ApiRole.Read => "read", _ => "admin" };

    static string Day(long time) => Timestamps.ToRfc3339(time)[..10];
}
