using System.Globalization;
using System.Text;

namespace Puppylog.App.Cli;

/// <summary>Bytes from a log as text that cannot drive a terminal.</summary>
static class TerminalText
{
    /// <summary>
    /// Control characters, what is not UTF-8 and characters that turn the direction of text become escapes such as
    /// <c>\x1b</c>; what goes beyond <paramref name="maxLength"/> characters becomes an ellipsis.
    /// </summary>
    public static string Visible(ReadOnlySpan<byte> bytes, int maxLength)
    {
        var text = new StringBuilder();
        var characters = 0;
        while (!bytes.IsEmpty)
        {
            if (characters++ == maxLength)
            {
                return text.Append('…').ToString();
            }

            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done && IsHarmless(rune))
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var b in bytes[..length])
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
