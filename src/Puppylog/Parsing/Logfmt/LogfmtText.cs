using System.Buffers;
using Puppylog.Records;

namespace Puppylog.Parsing.Logfmt;

/// <summary>The tokens of logfmt: <c>level=info msg="a b" took=1.5s</c>.</summary>
static class LogfmtText
{
    static readonly SearchValues<byte> ValueEnd = SearchValues.Create(" \"\t\r\n"u8);
    static readonly SearchValues<byte> KeyEnd = SearchValues.Create(" =\"\t\r\n"u8);

    /// <summary>Finds the space or the end behind a value without quotes; false where a quote stands in it.</summary>
    public static bool TryFindEnd(ReadOnlySpan<byte> text, int start, out int end)
    {
        var length = text[start..].IndexOfAny(ValueEnd);
        end = length < 0 ? text.Length : start + length;
        return length < 0 || text[end] != '"';
    }

    /// <summary>The end of the key that begins at a place: where an equals sign, a space or the end stands, or what is no key's.</summary>
    public static int KeyLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAny(KeyEnd);
        return length < 0 ? text.Length : length;
    }

    /// <summary>The type that a value without quotes looks like.</summary>
    public static ValueKind KindOf(ReadOnlySpan<byte> value) =>
        value.IsEmpty ? ValueKind.Text
        : value[0] is >= (byte)'0' and <= (byte)'9' or (byte)'-' ? IsNumber(value) ? ValueKind.Number : ValueKind.Text
        : value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) ? ValueKind.Boolean
        : ValueKind.Text;

    static bool IsNumber(ReadOnlySpan<byte> value) => Json.JsonText.NumberLength(value, 0) == value.Length;
}
