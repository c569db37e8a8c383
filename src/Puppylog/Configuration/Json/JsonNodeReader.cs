using System.Text;
using System.Text.Json;
using Puppylog.Configuration.Yaml;

namespace Puppylog.Configuration.Json;

/// <summary>Reads JSON to the nodes that a configuration file gives, with places. Bounded in depth by the framework's reader.</summary>
static class JsonNodeReader
{
    const int MaxDepth = 32;

    /// <summary>The document; null where it is none, which is told.</summary>
    public static SettingNode? Read(ReadOnlySpan<byte> json, Action<Place, string> mistake)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read())
            {
                mistake(new(1, 1), "the body is empty: expected a JSON object");
                return null;
            }

            var node = ReadNode(ref reader, json, mistake);
            // What stands behind it is a mistake, which the reader tells.
            reader.Read();
            return node;
        }
        catch (JsonException wrong)
        {
            mistake(
                new((int)(wrong.LineNumber ?? 0) + 1, (int)(wrong.BytePositionInLine ?? 0) + 1),
                json.Trim(" \t\r\n"u8).IsEmpty ? "the body is empty: expected a JSON object" : "no JSON: here something else was expected, or it is nested too deeply");
        }
        catch (InvalidOperationException)
        {
            mistake(At(json, (int)reader.TokenStartIndex), "no JSON: a text that is no UTF-8, or half of a character");
        }

        return null;
    }

    static SettingNode ReadNode(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Action<Place, string> mistake)
    {
        var place = At(json, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<SettingNode>();
                while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                {
                    items.Add(ReadNode(ref reader, json, mistake));
                }

                return new ListNode(place, items);
            case JsonTokenType.StartObject:
                return ReadMap(ref reader, json, place, mistake);
            case JsonTokenType.String:
                return new TextNode(place, reader.GetString()!, null, IsPlain: false);
            default:
                return new TextNode(place, Encoding.ASCII.GetString(reader.ValueSpan), 0, IsPlain: true);
        }
    }

    static MapNode ReadMap(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Place place, Action<Place, string> mistake)
    {
        var entries = new List<MapEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var at = At(json, (int)reader.TokenStartIndex);
            var name = reader.GetString()!;
            reader.Read();
            var value = ReadNode(ref reader, json, mistake);
            if (names.Add(name))
            {
                entries.Add(new(name, at, value));
            }
            else
            {
                mistake(at, $"'{name}' is set twice");
            }
        }

        return new(place, entries);
    }

    static Place At(ReadOnlySpan<byte> json, int offset)
    {
        var before = json[..Math.Min(offset, json.Length)];
        return new(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
