using System.Text;

namespace Puppylog.Query.Filters.Streams;

/// <summary>Reads <c>{file_path="/var/log/app.log",app="a \"b\""}</c>.</summary>
static class StreamLabels
{
    /// <summary>The value of a label; false where the stream has no such label or is not written so.</summary>
    public static bool TryGet(ReadOnlySpan<byte> stream, string label, out byte[] value)
    {
        value = [];
        if (stream.Length < 2 || stream[0] != '{' || stream[^1] != '}')
        {
            return false;
        }

        stream = stream[1..^1];
        Span<byte> name = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(label, name, out var length))
        {
            return false;
        }

        name = name[..length];
        while (!stream.IsEmpty)
        {
            var equals = stream.IndexOf("=\""u8);
            if (equals < 0)
            {
                return false;
            }

            var found = stream[..equals].Trim((byte)' ').SequenceEqual(name);
            stream = stream[(equals + 2)..];
            var end = Close(stream);
            if (end < 0)
            {
                return false;
            }

            if (found)
            {
                value = Unescape(stream[..end]);
                return true;
            }

            stream = stream[(end + 1)..].TrimStart(" ,"u8);
        }

        return false;
    }

    /// <summary>All labels with their values, in order; as far as the stream is written so.</summary>
    public static List<KeyValuePair<string, string>> All(ReadOnlySpan<byte> stream)
    {
        var labels = new List<KeyValuePair<string, string>>();
        stream = stream is [(byte)'{', .. var inner, (byte)'}'] ? inner : [];
        while (stream.IndexOf("=\""u8) is >= 0 and var equals)
        {
            var name = Encoding.UTF8.GetString(stream[..equals].Trim((byte)' '));
            stream = stream[(equals + 2)..];
            var end = Close(stream);
            if (end < 0)
            {
                break;
            }

            labels.Add(KeyValuePair.Create(name, Encoding.UTF8.GetString(Unescape(stream[..end]))));
            stream = stream[(end + 1)..].TrimStart(" ,"u8);
        }

        return labels;
    }

    /// <summary>Where the closing quote stands, or -1.</summary>
    static int Close(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                return i;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        return -1;
    }

    static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var value = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                c = text[++i];
                c = c switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', _ => c };
            }

            value.Add(c);
        }

        return [.. value];
    }
}
