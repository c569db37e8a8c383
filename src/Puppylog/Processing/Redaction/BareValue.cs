namespace Puppylog.Processing.Redaction;

/// <summary>Tells a number of JSON, which a text can only replace with quotes around it.</summary>
static class BareValue
{
    /// <summary>True where the place is a whole value without quotes within a line that looks like JSON.</summary>
    public static bool IsIn(ReadOnlySpan<byte> lines, int start, int end)
    {
        var lineStart = lines[..start].LastIndexOf((byte)'\n') + 1;
        var before = lines[lineStart..start].TrimEnd(" \t"u8);
        var after = lines[end..].TrimStart(" \t"u8);
        return before is [.., (byte)':' or (byte)',' or (byte)'['] && after is [(byte)',' or (byte)'}' or (byte)']', ..]
            && before.TrimStart(" \t"u8) is [(byte)'{' or (byte)'[', ..] && !IsInString(before);
    }

    static bool IsInString(ReadOnlySpan<byte> text)
    {
        var isIn = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                isIn = !isIn;
            }
        }

        return isIn;
    }
}
