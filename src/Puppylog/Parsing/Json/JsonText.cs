using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The tokens of JSON (RFC 8259) as places in UTF-8 bytes, without exceptions. Laxer than the standard in one thing: raw
/// control characters and bytes that are no UTF-8 may stand in strings, because logs do hold them.
/// </summary>
static class JsonText
{
    public static int SkipWhite(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    /// <summary>Finds the closing quote of a string whose text begins at <paramref name="start"/>, and checks its escapes.</summary>
    public static bool TryFindEnd(ReadOnlySpan<byte> text, int start, out int end, out bool isEscaped)
    {
        end = start;
        isEscaped = false;
        ref var first = ref MemoryMarshal.GetReference(text);
        while (text.Length - end >= Vector256<byte>.Count)
        {
            var near = Vector256.LoadUnsafe(ref first, (nuint)end);
            var found = (Vector256.Equals(near, Vector256.Create((byte)'"')) | Vector256.Equals(near, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
            if (found != 0)
            {
                end += BitOperations.TrailingZeroCount(found);
                if (Unsafe.Add(ref first, end) == '"')
                {
                    return true;
                }

                break;
            }

            end += Vector256<byte>.Count;
        }

        while (true)
        {
            var next = text[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return false;
            }

            end += next;
            if (text[end] == '"')
            {
                return true;
            }

            isEscaped = true;
            var length = EscapeLength(text[end..]);
            if (length == 0)
            {
                return false;
            }

            end += length;
        }
    }

    /// <summary>The length of a number at <paramref name="at"/>; 0 where there is none.</summary>
    public static int NumberLength(ReadOnlySpan<byte> text, int at)
    {
        var start = at;
        if (Is(text, at, '-'))
        {
            at++;
        }

        var digits = Digits(text, at);
        if (digits == 0 || (digits > 1 && text[at] == '0'))
        {
            return 0;
        }

        at += digits;
        if (Is(text, at, '.'))
        {
            digits = Digits(text, at + 1);
            if (digits == 0)
            {
                return 0;
            }

            at += digits + 1;
        }

        if (Is(text, at, 'e') || Is(text, at, 'E'))
        {
            at++;
            if (Is(text, at, '+') || Is(text, at, '-'))
            {
                at++;
            }

            digits = Digits(text, at);
            if (digits == 0)
            {
                return 0;
            }

            at += digits;
        }

        return at - start;
    }

    /// <summary>
    /// Writes a string whose escapes were checked by <see cref="TryFindEnd"/>; never longer than it was. Half a surrogate
    /// pair becomes U+FFFD.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        var length = 0;
        while (true)
        {
            var next = escaped.IndexOf((byte)'\\');
            var plain = next < 0 ? escaped : escaped[..next];
            plain.CopyTo(target[length..]);
            length += plain.Length;
            if (next < 0)
            {
                return length;
            }

            escaped = escaped[next..];
            if (escaped[1] != 'u')
            {
                target[length++] = Simple(escaped[1]);
                escaped = escaped[2..];
                continue;
            }

            var unit = Hex(escaped);
            escaped = escaped[6..];
            var rune = Rune.ReplacementChar;
            if (char.IsHighSurrogate(unit) && escaped.StartsWith("\\u"u8) && Rune.TryCreate(unit, Hex(escaped), out var pair))
            {
                rune = pair;
                escaped = escaped[6..];
            }
            else if (Rune.TryCreate(unit, out var single))
            {
                rune = single;
            }

            length += rune.EncodeToUtf8(target[length..]);
        }
    }

    static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        return text[1] switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => 2,
            (byte)'u' when text.Length >= 6 && Utf8Parser.TryParse(text.Slice(2, 4), out ushort _, out var taken, 'x') && taken == 4 => 6,
            _ => 0,
        };
    }

    static byte Simple(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };

    static char Hex(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x') ? (char)unit : (char)Rune.ReplacementChar.Value;

    static bool Is(ReadOnlySpan<byte> text, int at, char expected) => (uint)at < (uint)text.Length && text[at] == expected;

    static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var start = at;
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }

        return at - start;
    }
}
