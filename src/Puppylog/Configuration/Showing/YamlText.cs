using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Puppylog.Configuration.Showing;

/// <summary>Writes a tree as YAML that reads back as the same.</summary>
static class YamlText
{
    public static string Write(JsonObject root)
    {
        var text = new StringBuilder();
        Map(text, root, 0, isInList: false);
        return text.ToString();
    }

    static void Map(StringBuilder text, JsonObject map, int indent, bool isInList)
    {
        var first = isInList;
        foreach (var (key, value) in map)
        {
            if (!first)
            {
                text.Append(' ', indent);
            }

            first = false;
            text.Append(Scalar(key)).Append(':');
            Value(text, value, indent + 2);
        }
    }

    static void Value(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                Map(text, map, indent, isInList: false);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                {
                    text.Append(' ', indent).Append("- ");
                    if (item is JsonObject { Count: > 0 } inner)
                    {
                        Map(text, inner, indent + 2, isInList: true);
                    }
                    else
                    {
                        text.Append(Leaf(item)).Append('\n');
                    }
                }

                break;
            default:
                text.Append(' ').Append(Leaf(node)).Append('\n');
                break;
        }
    }

    static string Leaf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Scalar(value.GetValue<string>()),
        _ => Json(node),
    };

    /// <summary>A list within a list, a number or a truth: JSON is YAML.</summary>
    static string Json(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    static string Scalar(string text)
    {
        var isPlain = text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '/' or '.' or '-' or ' ' or ':' or '*')
            && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '_' || IsQuantity(text))
            && !text.Contains(": ", StringComparison.Ordinal) && text[^1] is not (':' or ' ')
            && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off");
        return isPlain ? text : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
    }

    /// <summary>A number with a unit, <c>200ms</c>; not what YAML takes for a number, like <c>1e5</c> and <c>0x1f</c>.</summary>
    static bool IsQuantity(string text)
    {
        var unit = text.TrimStart(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        return unit.Length > 0 && unit.Length < text.Length && unit.All(char.IsAsciiLetter) && unit[0] is not ('e' or 'E' or 'x' or 'o');
    }
}
