using System.Text.Json;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>Which JSON <c>jsonb</c> takes as it is: what it does not is stored as a string of its text.</summary>
static class StorableJson
{
    /// <summary>Values nested deeper than this are kept as text: the server's own parser recurses.</summary>
    public const int MaxDepth = 64;

    /// <summary>numeric holds 131,072 digits in front of the point and 16,383 behind it; anything longer is no number of a log.</summary>
    const int MaxNumberLength = 300;

    const int MaxExponentDigits = 3;

    /// <summary>A number as JSON writes it, that numeric takes.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > MaxNumberLength)
        {
            return false;
        }

        var at = text[0] == '-' ? 1 : 0;
        var digits = Digits(text, at);
        if (digits == 0 || (digits > 1 && text[at] == '0'))
        {
            return false;
        }

        at += digits;
        if (at < text.Length && text[at] == '.')
        {
            digits = Digits(text, at + 1);
            if (digits == 0)
            {
                return false;
            }

            at += 1 + digits;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at += at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            digits = Digits(text, at);
            if (digits is 0 or > MaxExponentDigits)
            {
                return false;
            }

            at += digits;
        }

        return at == text.Length;
    }

    /// <summary>An array or object that is well formed, not too deep, and whose texts and numbers can be held.</summary>
    public static bool IsComposite(ReadOnlySpan<byte> text)
    {
        if (!StorableText.IsStorable(text))
        {
            return false;
        }

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if ((reader.TokenType == JsonTokenType.Number && !IsNumber(reader.ValueSpan))
                    || (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !AreEscapesStorable(reader.ValueSpan)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>No NUL, and no half of a pair of surrogates without the other.</summary>
    static bool AreEscapesStorable(ReadOnlySpan<byte> text)
    {
        var isHighBefore = false;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '\\' || text[at + 1] != 'u')
            {
                if (isHighBefore)
                {
                    return false;
                }

                at += text[at] == '\\' ? 2 : 1;
                continue;
            }

            if (!System.Buffers.Text.Utf8Parser.TryParse(text.Slice(at + 2, 4), out ushort unit, out _, 'x') || unit == 0)
            {
                return false;
            }

            var isLow = char.IsLowSurrogate((char)unit);
            if (isLow != isHighBefore)
            {
                return false;
            }

            isHighBefore = char.IsHighSurrogate((char)unit);
            at += 6;
        }

        return !isHighBefore;
    }

    static int Digits(ReadOnlySpan<byte> text, int from)
    {
        var at = from;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at - from;
    }
}
