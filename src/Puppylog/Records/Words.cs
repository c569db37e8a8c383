using System.Buffers;
using System.Text;

namespace Puppylog.Records;

/// <summary>
/// What a word is, for search and for indexes alike: a run of letters, digits (of any script) and underscores. Bytes that
/// are no UTF-8, and U+FFFD, count as parts of words, as in VictoriaLogs.
/// </summary>
static class Words
{
    static readonly SearchValues<byte> AsciiWord =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"u8);

    public static bool IsWordRune(Rune rune) =>
        Rune.IsLetter(rune) || Rune.IsDigit(rune) || rune.Value is '_' or 0xFFFD;

    /// <summary>True where the text's first character is part of a word.</summary>
    public static bool StartsWithWord(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] < 0x80)
        {
            return AsciiWord.Contains(text[0]);
        }

        Rune.DecodeFromUtf8(text, out var rune, out _);
        return IsWordRune(rune);
    }

    /// <summary>True where the text's last character is part of a word.</summary>
    public static bool EndsWithWord(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[^1] < 0x80)
        {
            return AsciiWord.Contains(text[^1]);
        }

        Rune.DecodeLastFromUtf8(text, out var rune, out _);
        return IsWordRune(rune);
    }

    /// <summary>The next word at or after <paramref name="at"/>, which moves past it; false where there is none.</summary>
    public static bool TryNext(ReadOnlySpan<byte> text, ref int at, out ReadOnlySpan<byte> word)
    {
        while (at < text.Length && !IsWordAt(text[at..], out var skipped))
        {
            at += skipped;
        }

        var start = at;
        while (at < text.Length && IsWordAt(text[at..], out var length))
        {
            at += length;
        }

        word = text[start..at];
        return at > start;
    }

    static bool IsWordAt(ReadOnlySpan<byte> text, out int length)
    {
        if (text[0] < 0x80)
        {
            length = 1;
            return AsciiWord.Contains(text[0]);
        }

        Rune.DecodeFromUtf8(text, out var rune, out length);
        return IsWordRune(rune);
    }
}
