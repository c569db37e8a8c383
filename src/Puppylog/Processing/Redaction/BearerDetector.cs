using System.Buffers;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// What follows <c>Bearer</c> or <c>Basic</c> (RFC 6750, RFC 7617) and looks like no word of a sentence, and JSON Web Tokens
/// (RFC 7519) wherever they stand. The scheme's name stays.
/// </summary>
sealed class BearerDetector : Detector
{
    const int LeastToken = 8;
    const int LeastJwt = 20;

    static readonly SearchValues<byte> Token = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/="u8);

    public override void Find(ReadOnlySpan<byte> text, List<(int Start, int End)> places)
    {
        FindAfter(text, "earer "u8, places);
        FindAfter(text, "EARER "u8, places);
        FindAfter(text, "asic "u8, places);
        var from = 0;
        while (text[from..].IndexOf("eyJ"u8) is >= 0 and var next)
        {
            var start = from + next;
            var length = TokenLength(text[start..]);
            var isStart = start == 0 || !IsWord(text[start - 1]);
            if (isStart && length >= LeastJwt && text.Slice(start, length).Count((byte)'.') >= 2)
            {
                places.Add((start, start + length));
            }

            from = start + (isStart ? Math.Max(length, 3) : 3);
        }
    }

    static void FindAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> scheme, List<(int Start, int End)> places)
    {
        var from = 0;
        while (text[from..].IndexOf(scheme) is >= 0 and var next)
        {
            var begin = from + next;
            var start = begin + scheme.Length;
            while (start < text.Length && text[start] == ' ')
            {
                start++;
            }

            var isScheme = begin > 0 && (text[begin - 1] | 0x20) == 'b' && (begin == 1 || !IsWord(text[begin - 2]));
            var length = isScheme ? TokenLength(text[start..]) : 0;
            if (length >= LeastToken && IsNoWord(text.Slice(start, length)))
            {
                places.Add((start, start + length));
            }

            from = start + length;
        }
    }

    static int TokenLength(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Token) is >= 0 and var length ? length : text.Length;

    /// <summary>Words have no digits and no capitals within, and seldom twenty letters.</summary>
    static bool IsNoWord(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 20 || text.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 || text.IndexOfAny("=_+~/"u8) >= 0)
        {
            return true;
        }

        return text[1..].IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0 && text.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0;
    }
}
