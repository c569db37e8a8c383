using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Values of JSON as places in UTF-8 bytes (<see cref="JsonText"/>).</summary>
static class JsonTokens
{
    public const int MaxDepth = 64;

    /// <summary>Passes a value of any kind and says what it is; the reason where there is none, else null.</summary>
    public static string? Skip(ReadOnlySpan<byte> text, ref int at, int depth, out ValueKind kind, out bool isEscaped)
    {
        kind = ValueKind.Json;
        isEscaped = false;
        var first = at < text.Length ? text[at] : (byte)0;
        switch (first)
        {
            case (byte)'"':
                kind = ValueKind.Text;
                if (!JsonText.TryFindEnd(text, at + 1, out var end, out isEscaped))
                {
                    return "a string in the JSON object is not closed or holds a wrong escape";
                }

                at = end + 1;
                return null;
            case (byte)'{' or (byte)'[':
                return SkipNested(text, ref at, depth + 1);
            case (byte)'t' or (byte)'f' or (byte)'n':
                kind = first == 'n' ? ValueKind.Null : ValueKind.Boolean;
                var word = first == 't' ? "true"u8 : first == 'f' ? "false"u8 : "null"u8;
                if (!text[at..].StartsWith(word))
                {
                    return "expected a value in the JSON object";
                }

                at += word.Length;
                return null;
            default:
                kind = ValueKind.Number;
                var length = JsonText.NumberLength(text, at);
                at += length;
                return length == 0 ? "expected a value in the JSON object" : null;
        }
    }

    /// <summary>Passes an array, or an object inside one.</summary>
    static string? SkipNested(ReadOnlySpan<byte> text, ref int at, int depth)
    {
        if (depth > MaxDepth)
        {
            return "the JSON is nested deeper than 64 levels";
        }

        var isObject = text[at] == '{';
        var close = isObject ? (byte)'}' : (byte)']';
        at = JsonText.SkipWhite(text, at + 1);
        if (at < text.Length && text[at] == close)
        {
            at++;
            return null;
        }

        while (true)
        {
            if (isObject)
            {
                if (at == text.Length || text[at] != '"' || !JsonText.TryFindEnd(text, at + 1, out var end, out _))
                {
                    return "expected a name in quotes inside the JSON object";
                }

                at = JsonText.SkipWhite(text, end + 1);
                if (at == text.Length || text[at] != ':')
                {
                    return "expected a colon after a name in the JSON object";
                }

                at = JsonText.SkipWhite(text, at + 1);
            }

            if (Skip(text, ref at, depth, out _, out _) is { } reason)
            {
                return reason;
            }

            at = JsonText.SkipWhite(text, at);
            if (at < text.Length && text[at] == close)
            {
                at++;
                return null;
            }

            if (at == text.Length || text[at] != ',')
            {
                return "expected a comma or the end of an array or object in the JSON";
            }

            at = JsonText.SkipWhite(text, at + 1);
        }
    }
}
