using System.Globalization;
using System.Text;

namespace Puppylog.Intake;

/// <summary>Labels as Prometheus writes them: <c>{app="web", host="a\"b"}</c>. Values are quoted as in Go.</summary>
static class LokiLabels
{
    const string Expected = "expected labels like {app=\"web\"}";

    /// <summary>Takes a label.</summary>
    public delegate void LabelTaker(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>Hands over the labels; the reason where it is no such text.</summary>
    public static string? Read(ReadOnlySpan<byte> text, LabelTaker take)
    {
        text = text.Trim(" \t\n"u8);
        if (text is not [(byte)'{', .., (byte)'}'])
        {
            return text.IsEmpty ? null : Expected;
        }

        text = text[1..^1].Trim(" "u8);
        var room = new byte[text.Length + 4];
        while (!text.IsEmpty)
        {
            var equals = text.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return Expected;
            }

            var name = text[..equals].Trim(" \""u8);
            text = text[(equals + 1)..].TrimStart(" "u8);
            if (name.IsEmpty || text is not [(byte)'"', ..])
            {
                return Expected;
            }

            var length = Unquote(text[1..], room, out var taken);
            if (length < 0)
            {
                return "a label's value is not closed, or holds a wrong escape";
            }

            take(name, room.AsSpan(0, length));
            text = text[(1 + taken)..].TrimStart(" "u8);
            if (text is [(byte)',', ..])
            {
                text = text[1..].TrimStart(" "u8);
            }
            else if (!text.IsEmpty)
            {
                return Expected;
            }
        }

        return null;
    }

    /// <summary>Writes what the text up to its closing quote stands for; -1 where it has none.</summary>
    static int Unquote(ReadOnlySpan<byte> text, Span<byte> target, out int taken)
    {
        var length = 0;
        for (taken = 0; taken < text.Length;)
        {
            var b = text[taken++];
            if (b == '"')
            {
                return length;
            }

            if (b != '\\')
            {
                target[length++] = b;
                continue;
            }

            if (taken == text.Length)
            {
                return -1;
            }

            var escape = text[taken++];
            var digits = escape switch { (byte)'x' => 2, (byte)'u' => 4, (byte)'U' => 8, _ => 0 };
            if (digits == 0)
            {
                var index = "abfnrtv\\\"'"u8.IndexOf(escape);
                if (index < 0)
                {
                    return -1;
                }

                target[length++] = "\a\b\f\n\r\t\v\\\"'"u8[index];
                continue;
            }

            if (text.Length - taken < digits || !uint.TryParse(text.Slice(taken, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                return -1;
            }

            taken += digits;
            if (digits == 2)
            {
                target[length++] = (byte)code;
            }
            else
            {
                length += (Rune.TryCreate(code, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(target[length..]);
            }
        }

        return -1;
    }
}
